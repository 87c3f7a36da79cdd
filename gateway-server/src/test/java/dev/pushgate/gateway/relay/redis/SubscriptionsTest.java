package dev.pushgate.gateway.relay.redis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

final class SubscriptionsTest {
  private final PubSubServer server = new PubSubServer();
  private final RelayConfig config = TestConfig.of("p", server.url());
  private final CountingObserver observer = new CountingObserver();
  private final RelayClient client = new RelayClient(config.timeout());
  private final Subscriptions subscriptions =
      new Subscriptions(
          config.urls().getFirst(),
          config,
          client,
          observer,
          new ShardState(config.urls().getFirst().name(), client));
  private final List<String> heard = new CopyOnWriteArrayList<>();
  private final AtomicInteger confirmed = new AtomicInteger();

  @BeforeEach
  void listen() {
    subscriptions.start();
    listen("news");
    await().until(() -> confirmed.get() == 1);
  }

  @AfterEach
  void close() {
    subscriptions.close();
    client.close();
    server.close();
  }

  @Test
  void whatNobodyListensToIsCountedAndUnsubscribedOnce() {
    server.bring("stray", "1");
    await().until(() -> !unsubscribes().isEmpty());
    server.bring("news", "1");
    await().until(() -> heard.equals(List.of("1")));

    assertThat(unsubscribes()).containsExactly("UNSUBSCRIBE stray");
    assertThat(observer.unheard).hasValue(1);
  }

  @Test
  void whatIsBroughtAgainAfterThatIsUnsubscribedAgain() {
    server.bring("stray", "1");
    await().until(() -> unsubscribes().size() == 1);
    await()
        .until(
            () -> {
              server.bring("stray", "2");
              return unsubscribes().size() >= 2; // the first may not be answered yet
            });
    assertThat(unsubscribes()).containsOnly("UNSUBSCRIBE stray");
    assertThat(observer.unheard.get()).isGreaterThanOrEqualTo(2);
  }

  @Test
  void whatIsOnItsWayWhenSomebodyStopsListeningIsNotUnheard() {
    server.answersUnsubscribe = false;
    subscriptions.unlisten("news");
    server.bring("news", "1");
    listen("lobby");
    await().until(() -> confirmed.get() == 2);

    assertThat(unsubscribes()).containsExactly("UNSUBSCRIBE news");
    assertThat(observer.unheard).hasValue(0);
  }

  private void listen(String channel) {
    subscriptions.listen(
        channel,
        message -> heard.add(new String(message, StandardCharsets.US_ASCII)),
        confirmed::incrementAndGet);
  }

  private List<String> unsubscribes() {
    return server.asked.stream()
        .filter(command -> command.startsWith("UNSUBSCRIBE"))
        .filter(
            command -> !command.equals("UNSUBSCRIBE p:probe")) // what each connection begins with
        .toList();
  }
}
