package dev.pushgate.rest;

import dev.pushgate.core.cluster.Nodes;
import dev.pushgate.core.outcome.Outcome;
import java.time.Instant;
import java.util.concurrent.CompletionStage;

/// Which nodes there are. Thread-safe; works in memory.
final class NodesCall {
  private final Nodes nodes;

  NodesCall(Nodes nodes) {
    this.nodes = nodes;
  }

  /// `GET /nodes`
  CompletionStage<Outcome<ApiResponse>> list(Call call) {
    String self = nodes.self();
    ApiResponse answer =
        Answers.items(
            nodes.all(),
            (json, node) -> {
              json.writeStartObject();
              json.writeStringProperty("id", node.id());
              json.writeStringProperty("version", node.version());
              json.writeStringProperty(
                  "startedAt", Shapes.time(Instant.ofEpochMilli(node.startedAtMs())));
              json.writeNumberProperty("connections", node.connections());
              json.writeNumberProperty("canaryAgeMs", node.canaryAgeMs());
              json.writeBooleanProperty("self", node.id().equals(self));
              json.writeEndObject();
            });
    return Steps.now(Outcome.done(answer));
  }
}
