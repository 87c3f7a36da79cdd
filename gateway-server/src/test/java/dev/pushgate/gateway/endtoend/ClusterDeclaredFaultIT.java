package dev.pushgate.gateway.endtoend;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.pushgate.gateway.endtoend.Rest.Reply;
import dev.pushgate.gateway.session.SocketClient;
import dev.pushgate.gateway.testing.NoLeaks;
import dev.pushgate.gateway.testing.RedisProcess;
import dev.pushgate.gateway.testing.TcpProxy;
import dev.pushgate.gateway.testing.TestPostgres;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;

/// Channels are declared and deleted at node `a`, and node `b`, which has Redis behind a proxy, has
/// not heard of it.
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@ExtendWith(NoLeaks.class)
@Timeout(60)
class ClusterDeclaredFaultIT {
  private static final int CHANNELS = 60;

  private final RedisProcess redis = RedisProcess.start();
  private final TcpProxy proxy = new TcpProxy(redis.port());
  private final Cluster cluster = new Cluster(redis, TestPostgres.freshDatabase());
  private NodeInProcess a;
  private NodeInProcess b;

  @BeforeAll
  void start() {
    a = cluster.startInProcess();
    b = cluster.startInProcess("PUSHGATE_RELAY_URLS", "redis://127.0.0.1:" + proxy.port());
  }

  @AfterAll
  void stop() throws Exception {
    cluster.close();
    proxy.close();
    redis.close();
  }

  @Test
  void whatIsPublishedRightBehindADeclarationElsewhereIsArchived() {
    for (int i = 0; i < CHANNELS; i++) {
      String channel = "fresh-" + i;
      assertThat(a.rest().declare(channel).status()).isEqualTo(201);
      assertThat(b.rest().publish(channel, "" + i).status()).isEqualTo(201);
      assertThat(a.rest().history(channel)).as("the messages of " + channel).hasSize(1);
    }
  }

  @Test
  void membersOfANodeThatDidNotHearOfADeletionAreToldWhenItIsBack() {
    assertThat(a.rest().declare("unheard").status()).isEqualTo(201);
    a.rest().publish("unheard", "1");
    try (SocketClient member = b.connect();
        SocketClient other = b.connect()) {
      assertThat(member.subscribe("unheard")).contains("\"subscribed\"", "\"offset\":1");
      other.subscribe("kept");
      proxy.mode(TcpProxy.Mode.REFUSE);
      proxy.cut();
      assertThat(a.rest().delete("/api/v1/channels/unheard").status()).isEqualTo(204);
      Reply next = a.rest().publish("unheard", "2");
      assertThat(next.number("data", "offset")).isEqualTo(1);
      proxy.mode(TcpProxy.Mode.PASS);

      assertThat(member.next()).contains("\"unsubscribed\"", "\"unheard\"");
      await().until(() -> b.rest().publish("kept", "3").status() == 201);
      assertThat(other.next()).contains("\"message\"", "\"kept\"");
      assertThat(member.subscribe("unheard"))
          .contains("\"subscribed\"", next.text("data", "epoch"), "\"offset\":1");
    }
  }
}
