package dev.pushgate.rest;

import dev.pushgate.core.name.ChannelKey;
import dev.pushgate.core.name.ChannelName;
import dev.pushgate.core.outcome.Outcome;
import dev.pushgate.core.publication.PublishRequest;
import dev.pushgate.rest.RestApi.Limits;
import dev.pushgate.rest.json.JsonBody;
import dev.pushgate.rest.json.JsonValue;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/// Publishing one message: to the channel of the path, or to the channels that the body names.
/// Thread-safe.
final class PublishCalls {
  private static final String CHANNELS = "channels";

  private final Admission admission;
  private final Publishing publishing;
  private final DraftReader drafts;
  private final int maxChannels;

  PublishCalls(Admission admission, Publishing publishing, Limits limits) {
    this.admission = admission;
    this.publishing = publishing;
    this.drafts = new DraftReader(limits.maxDataBytes());
    this.maxChannels = limits.maxChannelsPerPublish();
  }

  /// `POST /publish`
  CompletionStage<Outcome<ApiResponse>> publish(Call call) {
    return Steps.after(
        JsonBody.read(call.request().body()),
        body -> {
          Fields fields = new Fields(body).noneMisspelt(DraftReader.ADDRESSED);
          return fields.given(CHANNELS) == null ? toOne(call, fields) : toSeveral(call, fields);
        });
  }

  /// `POST /channels/{slug}/messages`
  CompletionStage<Outcome<ApiResponse>> publishTo(Call call) {
    return Steps.after(
        call.channel(),
        channel ->
            Steps.after(
                JsonBody.read(call.request().body()),
                body -> toOne(call, channel, new Fields(body).noneMisspelt(DraftReader.MESSAGE))));
  }

  private CompletionStage<Outcome<ApiResponse>> toOne(Call call, Fields fields) {
    ChannelName name = fields.requiredChannel("channel");
    if (name != null) {
      return toOne(call, new ChannelKey(call.app().id(), name), fields);
    }
    // Read on for the rest of what is wrong: it is all noted in the fields.
    return Steps.now(drafts.read(fields, headerKey(call)).flatMap(draft -> fields.refused()));
  }

  private CompletionStage<Outcome<ApiResponse>> toOne(
      Call call, ChannelKey channel, Fields fields) {
    Outcome<PublishRequest> admitted =
        drafts
            .read(fields, headerKey(call))
            .flatMap(draft -> admission.admit(call, channel, draft));
    return Steps.after(admitted, request -> publishing.one(call.principal(), request));
  }

  private CompletionStage<Outcome<ApiResponse>> toSeveral(Call call, Fields fields) {
    List<JsonValue> names = channels(fields);
    return Steps.after(
        drafts.read(fields, headerKey(call)),
        draft -> {
          List<Outcome<PublishRequest>> admitted = new ArrayList<>(names.size());
          names.forEach(name -> admitted.add(admit(call, name, draft)));
          return publishing.several(call.principal(), admitted, CHANNELS);
        });
  }

  private List<JsonValue> channels(Fields fields) {
    if (fields.given("channel") != null) {
      fields.problem(CHANNELS, "and channel exclude each other: give one of them");
    }
    List<JsonValue> names = fields.list(CHANNELS, maxChannels);
    Set<String> seen = new HashSet<>();
    for (JsonValue name : names) {
      if (name.isString() && !seen.add(name.text())) {
        fields.problem(CHANNELS, "must not name a channel twice");
        break;
      }
    }
    return names;
  }

  /// An idempotency key counts within a channel: the same one does for all.
  private Outcome<PublishRequest> admit(Call call, JsonValue name, Draft draft) {
    ChannelName channel = Fields.channel(name).orElse(null);
    return channel == null
        ? Outcome.invalid("channel", ChannelName.RULE)
        : admission.admit(call, new ChannelKey(call.app().id(), channel), draft);
  }

  static @Nullable String headerKey(Call call) {
    return call.request().header("idempotency-key");
  }
}
