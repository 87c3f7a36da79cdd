package dev.pushgate.gateway.relay.redis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.pushgate.core.outcome.Outcome;
import dev.pushgate.core.outcome.Refusal;
import dev.pushgate.gateway.testing.TcpProxy;
import java.util.List;
import java.util.concurrent.CompletionStage;
import org.junit.jupiter.api.Test;

/// What is tried until it is done, and what Redis refuses. Node `a` reaches Redis through a proxy,
/// `b` straight.
class DeletionFaultIT extends ProxiedScene {
  @Test
  void aDeletionBehindOneThatIsStillTriedIsADeletionOfItsOwn() {
    b.follow(NEWS);
    b.publish(NEWS, "1");
    unreachable();
    CompletionStage<Void> first = a.relay.end(NEWS);
    CompletionStage<Void> second = a.relay.end(NEWS);
    CompletionStage<Void> third = a.relay.end(NEWS); // of what the second one ends too
    List.of(first, second, third).forEach(TestNode::get);
    assertThat(b.listener.ended).isEmpty();

    proxy.mode(TcpProxy.Mode.PASS);
    await().until(() -> b.listener.ended.size() == 2);
    TestNode.get(a.relay.end(NEWS));
    await().until(() -> b.listener.ended.size() == 3);
    assertThat(b.publish(NEWS, "2").position().offset()).isEqualTo(1);
  }

  @Test
  void aDeclarationIsNotedAsSoonAsRedisIsBack() {
    unreachable();
    TestNode.get(a.relay.declared(NEWS, "id"));
    proxy.mode(TcpProxy.Mode.PASS);
    await().until(() -> b.publish(NEWS, "1").position().offset() > 0 && !b.archive.kept.isEmpty());
  }

  @Test
  void aRedisWithoutItsReplicasPublishesNothingAndSaysSo() {
    b.publish(NEWS, "1");
    RawRedis.ask(
        RelayUrl.parse(redis.url()), server -> server.configSet("min-replicas-to-write", "1"));
    assertThat(b.publish(NEWS, "2", null))
        .isInstanceOfSatisfying(
            Outcome.Refused.class,
            refused -> {
              assertThat(refused.refusal()).isEqualTo(Refusal.RELAY_UNAVAILABLE);
              assertThat(refused.sentence()).contains("was not published");
            });
  }
}
