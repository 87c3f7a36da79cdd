package dev.pushgate.rest;

import dev.pushgate.auth.Permission;
import dev.pushgate.core.engine.Channels;
import dev.pushgate.core.name.ChannelKey;
import dev.pushgate.core.name.TextRule;
import dev.pushgate.core.outcome.Outcome;
import dev.pushgate.core.outcome.Refusal;
import dev.pushgate.core.presence.MemberId;
import dev.pushgate.core.presence.Present;
import dev.pushgate.core.presence.Roster;
import dev.pushgate.core.presence.Rosters;
import java.util.concurrent.CompletionStage;
import tools.jackson.core.JsonGenerator;

/// Reading who is present in a channel, declared or not. Thread-safe.
final class PresenceCall {
  private final Channels channels;
  private final Rosters rosters;

  PresenceCall(Channels channels, Rosters rosters) {
    this.channels = channels;
    this.rosters = rosters;
  }

  /// `GET /channels/{slug}/presence`
  CompletionStage<Outcome<ApiResponse>> read(Call call) {
    return Steps.after(
        call.channel().flatMap(key -> readable(call, key)),
        key -> rosters.read(key).thenApply(outcome -> outcome.map(PresenceCall::answer)));
  }

  private Outcome<ChannelKey> readable(Call call, ChannelKey key) {
    return call.principal().may(Permission.PRESENCE, key.name(), channels.isPrivate(key))
        ? Outcome.done(key)
        : Outcome.refused(
            Refusal.FORBIDDEN,
            "Reading presence needs a secret key (sec_) or a token that grants it for this"
                + " channel");
  }

  private static ApiResponse answer(Roster roster) {
    return Answers.success(
        200,
        json -> {
          json.writeStartObject();
          json.writeArrayPropertyStart("members");
          roster.members().forEach(member -> write(json, member));
          json.writeEndArray();
          json.writeStringProperty("epoch", roster.stamp().epoch());
          json.writeNumberProperty("version", roster.stamp().version());
          json.writeEndObject();
        });
  }

  private static void write(JsonGenerator json, Present member) {
    json.writeStartObject();
    switch (member.id()) {
      case MemberId.User(String id) -> json.writeStringProperty("userId", TextRule.writable(id));
      case MemberId.Client(String id) ->
          json.writeStringProperty("clientId", TextRule.writable(id));
    }
    String info = member.info();
    if (info != null) {
      json.writeName("info");
      json.writeRawValue(info);
    }
    json.writeEndObject();
  }
}
