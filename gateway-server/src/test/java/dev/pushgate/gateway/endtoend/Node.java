package dev.pushgate.gateway.endtoend;

import dev.pushgate.gateway.session.SocketClient;
import dev.pushgate.gateway.testing.TestDatabase;
import java.util.LinkedHashMap;
import java.util.Map;

/// A running node and the ways to it. Thread-safe.
public interface Node {
  /// The keys that the first start is given.
  String PUBLISH_KEY = "pub_end-to-end-0123456789";

  String SECRET_KEY = "sec_end-to-end-0123456789";
  String MANAGEMENT_KEY = "mgmt_end-to-end-0123456789";

  int port();

  int managementPort();

  /// The environment of a node that takes any free ports and the keys above.
  ///
  /// @param more names and values, one behind the other
  static Map<String, String> environment(String... more) {
    Map<String, String> environment = new LinkedHashMap<>();
    environment.put("PUSHGATE_HTTP_HOST", "127.0.0.1");
    environment.put("PUSHGATE_HTTP_PORT", "0");
    environment.put("PUSHGATE_MANAGEMENT_PORT", "0");
    environment.put("PUSHGATE_BOOTSTRAP_PUBLISH_KEY", PUBLISH_KEY);
    environment.put("PUSHGATE_BOOTSTRAP_SECRET_KEY", SECRET_KEY);
    environment.put("PUSHGATE_BOOTSTRAP_MANAGEMENT_KEY", MANAGEMENT_KEY);
    environment.put("PUSHGATE_SHUTDOWN_DRAIN", "100ms");
    for (int i = 0; i < more.length; i += 2) {
      environment.put(more[i], more[i + 1]);
    }
    return environment;
  }

  /// The same of a node on this database.
  static Map<String, String> environmentOn(TestDatabase database) {
    Map<String, String> environment = environment("PUSHGATE_STORE_URL", database.url());
    if (database.user() != null) {
      environment.put("PUSHGATE_STORE_USER", database.user());
    }
    if (database.password() != null) {
      environment.put("PUSHGATE_STORE_PASSWORD", database.password());
    }
    return environment;
  }

  /// The REST API with the secret key.
  default Rest rest() {
    return rest(SECRET_KEY);
  }

  default Rest rest(String credential) {
    return new Rest("http://127.0.0.1:" + port(), credential);
  }

  default Rest management() {
    return new Rest("http://127.0.0.1:" + managementPort(), "");
  }

  /// A session with the publish key.
  default SocketClient connect() {
    return connect(PUBLISH_KEY);
  }

  default SocketClient connect(String credential) {
    SocketClient client = new SocketClient(port());
    client.handshake("/ws?token=" + credential);
    String first = client.next();
    if (!first.contains("\"connected\"")) {
      client.close();
      throw new AssertionError("not connected: " + first);
    }
    return client;
  }
}
