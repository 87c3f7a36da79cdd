package dev.pushgate.gateway.relay.redis;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Says every second to one Redis that this node lives, sends its canary through it, and brings
/// back who else lives and what was told. Confined to the control thread, but for [#first],
/// [#fits] and [#isHeard].
final class Heartbeat {
  private static final Logger log = LoggerFactory.getLogger(Heartbeat.class);
  private static final Duration EVERY = Duration.ofSeconds(1);

  /// So many heartbeats a lease has at least: three in a row may be lost, and none of them is taken
  /// for an outage of Redis.
  private static final int IN_A_LEASE = 10;

  private static final Duration HASTENED = Duration.ofMillis(20);
  private static final int NOTICES_MAX = 200;
  private static final int LOST = 6;
  private static final Duration SAYS_SO_EVERY = Duration.ofMinutes(1);

  /// Before the first answer; what was told before it is not for this node.
  private static final long NOTHING_SEEN = -1;

  /// What is the same at every heartbeat.
  ///
  /// @param grace how long whoever is present through it may take to come back when it ends
  /// @param fingerprint of the relay's URLs, which all nodes must name alike
  record Identity(String node, Duration lease, Duration grace, String fingerprint) {}

  private final RelayShard shard;
  private final ControlKeys keys;
  private final Identity identity;
  private final Supplier<String> says;
  private final ControlThread thread;
  private final SealedTexts texts;
  private final Canary canary;
  private final LongSupplier nanoTime;
  private final CompletableFuture<Boolean> first = new CompletableFuture<>();
  private Consumer<Beat> listener = _ -> {};
  private Runnable whenLost = () -> {};
  private long seenNumber = NOTHING_SEEN;
  private String seenId = "";
  private boolean beating;
  private boolean again;
  private boolean wasAble;
  private long saidSoAtNanos;
  private volatile boolean misfit;
  private volatile boolean heard;

  /// @param says what this node says of itself
  /// @param nanoTime as [System#nanoTime]
  Heartbeat(
      RelayShard shard,
      ControlKeys keys,
      Identity identity,
      Supplier<String> says,
      ControlThread thread,
      SealedTexts texts,
      Canary canary,
      LongSupplier nanoTime) {
    this.shard = shard;
    this.keys = keys;
    this.identity = identity;
    this.says = says;
    this.thread = thread;
    this.texts = texts;
    this.canary = canary;
    this.nanoTime = nanoTime;
  }

  /// Names who is told that this Redis has lost its data without a lost connection. To be called
  /// before [#start].
  void whenLost(Runnable told) {
    whenLost = told;
  }

  /// Begins. Called once.
  void start(Consumer<Beat> listener) {
    this.listener = listener;
    shard.listen(
        keys.canary(identity.node),
        message -> thread.offer(() -> canaryCame(message)),
        () -> thread.run(canary::beginAnew));
    shard.listen(keys.notices(), _ -> thread.offer(this::hasten), this::confirmed);
    shard.onUp(() -> thread.run(this::beat));
    Duration share = identity.lease.dividedBy(IN_A_LEASE);
    thread.every(share.compareTo(EVERY) < 0 ? share : EVERY, this::tick);
  }

  /// Whether the relay's URLs are those of the other nodes, as far as this Redis knows: true also
  /// when it could not be asked. Thread-safe.
  CompletionStage<Boolean> first() {
    return first;
  }

  /// Whether the relay's URLs are those of the other nodes, as this Redis said last: it may have
  /// been away when this node started. Thread-safe.
  boolean fits() {
    return !misfit;
  }

  /// Whether the last one was answered. Thread-safe.
  boolean isHeard() {
    return heard;
  }

  /// Asks again as soon as the answer that is on its way has come.
  void hasten() {
    if (beating) {
      again = true;
    } else {
      beat();
    }
  }

  /// With the shard: what comes back through one says nothing of another.
  private String canaryLine() {
    return SealedTexts.ofCanary(identity.node, shard.name());
  }

  private void canaryCame(byte[] message) {
    String number = texts.open(canaryLine(), message, keys.canary(identity.node));
    if (number != null) {
      canary.came(number);
      shard.cameBack();
    }
  }

  private void confirmed() {
    thread.run(this::hasten);
  }

  private void tick() {
    boolean able = shard.isUp() && shard.isListening();
    if (!able || !wasAble) {
      canary.beginAnew(); // what was sent until now need not come
    } else if (canary.isAway()) {
      shard.nothingComesBack();
    }
    wasAble = able;
    beat();
  }

  private void beat() {
    if (beating || !shard.isUp()) {
      return;
    }
    again = false;
    var unused =
        shard
            .eval(Script.HEARTBEAT, scriptKeys(), scriptArgs())
            .whenComplete((reply, _) -> thread.run(() -> answered(reply)));
    beating = true; // when it was asked; its answer is behind this
  }

  private List<String> scriptKeys() {
    return List.of(
        keys.nodes(),
        keys.node(identity.node),
        keys.heartbeat(),
        keys.noReap(),
        keys.fingerprint(),
        keys.notices(),
        keys.count(identity.node));
  }

  private ScriptArgs scriptArgs() {
    return new ScriptArgs()
        .add(keys.node(""))
        .add(keys.count(""))
        .add(keys.present(""))
        .add(identity.node)
        .add(identity.lease.toMillis())
        .add(texts.close(SealedTexts.ofNode(identity.node), says.get()))
        .add(identity.fingerprint)
        .add(keys.canary(identity.node))
        .add(texts.close(canaryLine(), Long.toString(canary.next())))
        .add(seenNumber)
        .add(seenId)
        .add(NOTICES_MAX);
  }

  private void answered(@Nullable Reply reply) {
    beating = false;
    heard = reply != null;
    if (reply == null) {
      canary.beginAnew(); // perhaps it was not sent; the next one comes in a second
      return;
    }
    if (reply.number(0) == 0) {
      canary.beginAnew();
      misfits();
      return;
    }
    misfit = false;
    first.complete(true);
    if (reply.number(LOST) == 1) {
      log.warn("relay {} knows this node no more: what it has there is told and read again", shard);
      whenLost.run();
    }
    Beat beat = Beat.of(reply, texts, keys);
    boolean more = again || beat.notices().size() == NOTICES_MAX;
    listener.accept(see(beat));
    if (more) {
      thread.after(HASTENED, this::beat);
    }
  }

  /// Notes what was seen; the first answer says only where the notices are.
  private Beat see(Beat beat) {
    boolean begin = seenNumber == NOTHING_SEEN;
    if (beat.notices().isEmpty()) {
      if (beat.missedSome()) {
        seenNumber = 0;
        seenId = "";
      }
      return beat;
    }
    Beat.Told last = beat.notices().getLast();
    seenNumber = last.number();
    seenId = last.id();
    return begin
        ? new Beat(beat.nowMs(), beat.noReap(), beat.nodes(), beat.missedSome(), List.of())
        : beat;
  }

  private void misfits() {
    long now = nanoTime.getAsLong();
    if (!misfit || now - saidSoAtNanos >= SAYS_SO_EVERY.toNanos()) {
      saidSoAtNanos = now;
      log.error(
          "Nodes with other pushgate.relay.urls use relay {}: stop this one, or those, and give all"
              + " the same",
          shard);
    }
    misfit = true;
    first.complete(false);
  }

  /// Ends this node's lease at once, if Redis can be asked.
  CompletionStage<?> goodbye() {
    return shard.eval(
        Script.GOODBYE,
        List.of(
            keys.nodes(),
            keys.node(identity.node),
            keys.count(identity.node),
            keys.fingerprint(),
            keys.present()),
        new ScriptArgs()
            .add(identity.node)
            .add(identity.grace.plus(RosterReaper.early(identity.lease)).toMillis()));
  }
}
