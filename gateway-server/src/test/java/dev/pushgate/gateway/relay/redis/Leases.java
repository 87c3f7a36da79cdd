package dev.pushgate.gateway.relay.redis;

import io.lettuce.core.RedisException;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;

/// Says to Redis that nodes live, as their heartbeats would. Thread-safe.
final class Leases implements AutoCloseable {
  private static final long EVERY_MS = 50;

  final Set<String> alive = ConcurrentHashMap.newKeySet();
  private final RedisCli cli;
  private final RosterKeys keys;
  private final ScheduledExecutorService timer = Executors.newSingleThreadScheduledExecutor();

  Leases(String url, String prefix, String... nodes) {
    this.cli = new RedisCli(url);
    this.keys = new RosterKeys(prefix);
    alive.addAll(Set.of(nodes));
    beat();
    var unused =
        timer.scheduleWithFixedDelay(this::tryToBeat, EVERY_MS, EVERY_MS, TimeUnit.MILLISECONDS);
  }

  private void tryToBeat() {
    try {
      beat();
    } catch (RedisException _) {
      // it is away; the next time is soon
    }
  }

  private synchronized void beat() {
    long now =
        Long.parseLong(cli.redis.time().getFirst()) * 1_000
            + Long.parseLong(cli.redis.time().getLast()) / 1_000;
    long lease = PresentNode.LEASE.toMillis();
    String last = cli.redis.get(keys.heartbeat());
    if (last != null && now - Long.parseLong(last) > lease / 3) {
      cli.redis.psetex(keys.noReap(), lease, "1");
    }
    alive.forEach(node -> cli.redis.zadd(keys.nodes(), (double) (now + lease), node));
    cli.redis.set(keys.heartbeat(), Long.toString(now));
  }

  @Override
  public void close() {
    timer.shutdownNow();
    cli.close();
  }
}
