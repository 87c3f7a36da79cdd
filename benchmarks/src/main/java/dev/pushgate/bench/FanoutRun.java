package dev.pushgate.bench;

import io.netty.channel.EventLoop;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.BooleanSupplier;
import java.util.function.ToLongFunction;
import java.util.stream.Stream;
import org.HdrHistogram.Histogram;

/// One measurement of one server. Confined to the thread that runs it.
final class FanoutRun {
  private final FanoutPlan plan;
  private final Target target;
  private final String channel = "bench-" + Long.toString(System.currentTimeMillis(), 36);
  private final List<Tally> tallies = new ArrayList<>();
  private final List<SubscriberClient> subscribers = new ArrayList<>();
  private final List<PublisherClient> publishers = new ArrayList<>();
  private final ServerCpu cpu;

  FanoutRun(FanoutPlan plan, Target target) {
    this.plan = plan;
    this.target = target;
    this.cpu = new ServerCpu(target.pid());
  }

  private record Moment(long nanos, long publications, long deliveries, OptionalLong cpuNanos) {}

  /// Connects everybody, loads the server, waits for the last message.
  ///
  /// @throws BenchFailedException when it cannot be run at all
  FanoutResult run() throws InterruptedException {
    try (Clients clients = new Clients(plan.threads(), plan.patience())) {
      subscribe(clients);
      connectPublishers(clients);
      publishers.forEach(PublisherClient::start);
      Thread.sleep(plan.warmup());
      tallies.forEach(tally -> tally.measure(Stopwatch.nanos(), Long.MAX_VALUE));
      Moment begin = now();
      Thread.sleep(plan.duration());
      Moment end = now();
      tallies.forEach(tally -> tally.measure(begin.nanos(), end.nanos()));
      stopPublishers();
      awaitLastMessages();
      return result(begin, end);
    }
  }

  private void subscribe(Clients clients) throws InterruptedException {
    List<EventLoop> loops = clients.loops();
    loops.forEach(loop -> tallies.add(new Tally()));
    for (int i = 0; i < plan.subscribers(); i++) {
      int loop = i % loops.size();
      MessageCheck check = new MessageCheck(plan.publishers());
      SubscriberClient client = new SubscriberClient(target, channel, check, tallies.get(loop));
      clients.connect(loops.get(loop), target.listenAt().get(i % target.listenAt().size()), client);
      subscribers.add(client);
    }
    await(subscribers.stream().map(SubscriberClient::subscribed), "the subscriptions");
  }

  private void connectPublishers(Clients clients) {
    List<EventLoop> loops = clients.loops();
    long interval = plan.rate() == 0 ? 0 : 1_000_000_000L * plan.publishers() / plan.rate();
    for (int i = 0; i < plan.publishers(); i++) {
      PublisherClient client = new PublisherClient(target, channel, i, plan.size(), interval);
      clients.connect(loops.get(i % loops.size()), target.address(), client);
      publishers.add(client);
    }
  }

  private void stopPublishers() throws InterruptedException {
    await(publishers.stream().map(PublisherClient::stop), "the answers to the last publishes");
  }

  private void await(Stream<CompletableFuture<Void>> futures, String what)
      throws InterruptedException {
    CompletableFuture<?>[] all = futures.toArray(CompletableFuture[]::new);
    try {
      CompletableFuture.allOf(all).get(plan.patience().toMillis(), TimeUnit.MILLISECONDS);
    } catch (TimeoutException e) {
      throw new BenchFailedException(
          what + " did not come in " + plan.patience().toSeconds() + " s");
    } catch (ExecutionException e) {
      Throwable cause = e.getCause() == null ? e : e.getCause();
      throw new BenchFailedException(String.valueOf(cause.getMessage()));
    }
  }

  /// Until every subscriber has all, or nothing has come for as long as our patience lasts.
  private void awaitLastMessages() throws InterruptedException {
    long expected = plan.subscribers() * publications();
    BooleanSupplier isComplete = () -> deliveries() >= expected;
    long seen = -1;
    long sinceNanos = Stopwatch.nanos();
    Duration silence = plan.patience().dividedBy(3);
    while (!isComplete.getAsBoolean() && Stopwatch.nanos() - sinceNanos < silence.toNanos()) {
      if (deliveries() != seen) {
        seen = deliveries();
        sinceNanos = Stopwatch.nanos();
      }
      Thread.sleep(5);
    }
  }

  private Moment now() {
    return new Moment(Stopwatch.nanos(), publications(), deliveries(), cpu.nanos());
  }

  private long publications() {
    return publishers.stream().mapToLong(PublisherClient::accepted).sum();
  }

  private long deliveries() {
    return tallies.stream().mapToLong(Tally::deliveries).sum();
  }

  private FanoutResult result(Moment begin, Moment end) {
    Histogram micros = new Histogram(tallies.getFirst().micros());
    tallies.forEach(tally -> micros.add(tally.micros()));
    OptionalLong cpuNanos =
        begin.cpuNanos().isPresent() && end.cpuNanos().isPresent()
            ? OptionalLong.of(end.cpuNanos().getAsLong() - begin.cpuNanos().getAsLong())
            : OptionalLong.empty();
    return new FanoutResult(
        target.name(),
        end.publications() - begin.publications(),
        end.deliveries() - begin.deliveries(),
        end.nanos() - begin.nanos(),
        cpuNanos,
        micros,
        faults(),
        troubles());
  }

  private FanoutResult.Faults faults() {
    long[] accepted = publishers.stream().mapToLong(PublisherClient::accepted).toArray();
    return new FanoutResult.Faults(
        sum(check -> check.jumped() + check.missingAtTheEnd(accepted)),
        sum(MessageCheck::backward),
        sum(MessageCheck::offsetFaults),
        publishers.stream().mapToLong(PublisherClient::refused).sum(),
        subscribers.stream().filter(client -> !client.trouble().isEmpty()).count());
  }

  private long sum(ToLongFunction<MessageCheck> figure) {
    return subscribers.stream().map(SubscriberClient::check).mapToLong(figure).sum();
  }

  private List<String> troubles() {
    return Stream.concat(
            subscribers.stream().map(SubscriberClient::trouble),
            publishers.stream().map(PublisherClient::trouble))
        .filter(trouble -> !trouble.isEmpty())
        .distinct()
        .limit(5)
        .toList();
  }
}
