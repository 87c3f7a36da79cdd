package dev.pushgate.gateway.endtoend;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.pushgate.gateway.testing.PostgresProcess;
import dev.pushgate.gateway.testing.TestDatabase;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// The database is not there when the node starts.
@Timeout(180)
class LateDatabaseFaultIT {
  @Test
  void aNodeWaitsForItsDatabase() {
    try (PostgresProcess postgres = PostgresProcess.start()) {
      Map<String, String> environment = environment(postgres.freshDatabase(), "2m");
      postgres.kill();
      CompletableFuture<NodeInProcess> started =
          CompletableFuture.supplyAsync(() -> NodeInProcess.start(environment));
      postgres.launch();
      try (NodeInProcess node = started.join()) {
        assertThat(node.rest().declare("orders").status()).isEqualTo(201);
      }
    }
  }

  @Test
  void aNodeThatIsToldNotToWaitDoesNot() {
    try (PostgresProcess postgres = PostgresProcess.start()) {
      Map<String, String> environment = environment(postgres.freshDatabase(), "0s");
      postgres.kill();

      assertThatThrownBy(() -> NodeInProcess.start(environment))
          .hasMessageContaining("cannot be reached");
    }
  }

  private static Map<String, String> environment(TestDatabase database, String patience) {
    Map<String, String> environment = new HashMap<>(Node.environmentOn(database));
    environment.put("PUSHGATE_STORE_WAIT_AT_START", patience);
    return environment;
  }
}
