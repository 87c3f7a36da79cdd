package dev.pushgate.rest;

import dev.pushgate.auth.TokenRequest;
import dev.pushgate.core.cluster.Notice;
import dev.pushgate.core.cluster.Notices;
import dev.pushgate.core.cluster.Target;
import dev.pushgate.core.name.ChannelKey;
import dev.pushgate.core.name.ChannelName;
import dev.pushgate.core.outcome.Outcome;
import dev.pushgate.rest.json.JsonBody;
import java.util.List;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/// Ending connections and subscriptions, on whatever node they are. Answered when it is told to
/// all nodes: nobody waits for them. Thread-safe.
final class ConnectionCalls {
  /// A field that names a target.
  private record Kind(String field, Function<String, Target> target) {}

  private static final List<Kind> KINDS =
      List.of(
          new Kind("userId", Target.User::new),
          new Kind("clientId", Target.Client::new),
          new Kind("connectionId", Target.Connection::new));

  private static final KnownFields TARGET = KnownFields.of("userId", "clientId", "connectionId");
  private static final KnownFields TARGET_AND_CHANNEL =
      KnownFields.of("userId", "clientId", "connectionId", "channel");

  private static final ApiResponse ACCEPTED =
      Answers.success(
          202,
          json -> {
            json.writeStartObject();
            json.writeBooleanProperty("accepted", true);
            json.writeEndObject();
          });

  private final Notices notices;

  ConnectionCalls(Notices notices) {
    this.notices = notices;
  }

  /// `POST /connections/disconnect`
  CompletionStage<Outcome<ApiResponse>> disconnect(Call call) {
    return Steps.now(
        fields(call, TARGET)
            .flatMap(
                fields -> {
                  Target target = target(fields);
                  return target == null || !fields.valid()
                      ? fields.refused()
                      : told(new Notice.Disconnect(call.app().id(), target));
                }));
  }

  /// `POST /connections/unsubscribe`: from one channel, or from all.
  CompletionStage<Outcome<ApiResponse>> unsubscribe(Call call) {
    return Steps.now(
        fields(call, TARGET_AND_CHANNEL)
            .flatMap(
                fields -> {
                  Target target = target(fields);
                  ChannelKey channel = channel(call, fields);
                  return target == null || !fields.valid()
                      ? fields.refused()
                      : told(new Notice.Unsubscribe(call.app().id(), target, channel));
                }));
  }

  private static Outcome<Fields> fields(Call call, KnownFields known) {
    return JsonBody.read(call.request().body()).map(body -> new Fields(body).noneUnknown(known));
  }

  private Outcome<ApiResponse> told(Notice notice) {
    notices.tell(notice);
    return Outcome.done(ACCEPTED);
  }

  /// Whoever names two may mean either or both: nothing is ended on a guess.
  private static @Nullable Target target(Fields fields) {
    List<Kind> given = KINDS.stream().filter(kind -> fields.given(kind.field()) != null).toList();
    if (given.isEmpty()) {
      fields.problem("userId", "is required (or clientId, or connectionId)");
      return null;
    }
    Kind first = given.getFirst();
    for (Kind other : given.subList(1, given.size())) {
      fields.problem(other.field(), "cannot be given together with " + first.field());
    }
    String id = fields.text(first.field(), 1, TokenRequest.MAX_NAME_LENGTH);
    return id == null ? null : first.target().apply(id);
  }

  private static @Nullable ChannelKey channel(Call call, Fields fields) {
    if (fields.given("channel") == null) {
      return null;
    }
    ChannelName name = fields.requiredChannel("channel");
    return name == null ? null : new ChannelKey(call.app().id(), name);
  }
}
