package dev.pushgate.gateway.endtoend;

import dev.pushgate.gateway.endtoend.Rest.Reply;
import dev.pushgate.gateway.session.SocketClient;

/// Users who come with a token that lets them do everything with every channel. Stateless.
final class TokenClient {
  private TokenClient() {}

  /// A session of this user at this node.
  static SocketClient connect(Node node, String user) {
    return node.connect(token(node, user));
  }

  /// The same with a token that ends so soon.
  static SocketClient connect(Node node, String user, int seconds) {
    return node.connect(token(node, user, seconds));
  }

  static String token(Node node, String user) {
    return token(node, user, 3_600);
  }

  static String token(Node node, String user, int seconds) {
    Reply minted =
        node.rest()
            .post(
                "/api/v1/auth/token",
                "{\"clientId\":\"of-%s\",\"userId\":\"%s\",\"ttlSeconds\":%d,\"grants\":{\"*\":%s}}"
                    .formatted(user, user, seconds, "[\"subscribe\",\"publish\",\"presence\"]"));
    return minted.text("data", "token");
  }

  /// Subscribes, is present, and gives the `state`.
  static String enter(SocketClient client, String channel, String info) {
    client.text(
        "{\"type\":\"subscribe\",\"channel\":\"%s\",\"presence\":true,\"info\":%s}"
            .formatted(channel, info));
    return client.nextWith("\"action\":\"state\"");
  }
}
