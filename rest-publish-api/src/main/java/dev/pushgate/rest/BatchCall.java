package dev.pushgate.rest;

import dev.pushgate.core.name.ChannelKey;
import dev.pushgate.core.name.ChannelName;
import dev.pushgate.core.outcome.Outcome;
import dev.pushgate.core.publication.PublishRequest;
import dev.pushgate.rest.RestApi.Limits;
import dev.pushgate.rest.json.JsonBody;
import dev.pushgate.rest.json.JsonObject;
import dev.pushgate.rest.json.JsonValue;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/// Publishing several messages at once, each to its own channel. Thread-safe.
final class BatchCall {
  private static final String MESSAGES = "messages";
  private static final KnownFields KNOWN = KnownFields.of(MESSAGES, "id");

  private final Admission admission;
  private final Publishing publishing;
  private final DraftReader drafts;
  private final int maxBatch;

  BatchCall(Admission admission, Publishing publishing, Limits limits) {
    this.admission = admission;
    this.publishing = publishing;
    this.drafts = new DraftReader(limits.maxDataBytes());
    this.maxBatch = limits.maxBatch();
  }

  /// `POST /publish/batch`
  CompletionStage<Outcome<ApiResponse>> publish(Call call) {
    return Steps.after(
        JsonBody.read(call.request().body()),
        body -> publish(call, new Fields(body).noneMisspelt(KNOWN)));
  }

  private CompletionStage<Outcome<ApiResponse>> publish(Call call, Fields fields) {
    List<JsonValue> messages = fields.list(MESSAGES, maxBatch);
    String batchKey = DraftReader.key(fields, PublishCalls.headerKey(call));
    if (!fields.valid()) {
      return Steps.now(fields.refused());
    }
    List<Outcome<PublishRequest>> admitted = new ArrayList<>(messages.size());
    for (int i = 0; i < messages.size(); i++) {
      String itemKey = batchKey == null ? null : batchKey + "#" + i;
      admitted.add(
          JsonBody.object(messages.get(i)).flatMap(message -> admit(call, message, itemKey)));
    }
    return publishing.several(call.principal(), admitted, MESSAGES);
  }

  /// @param itemKey what the batch's idempotency key makes of this one; a key of its own goes
  ///     before it
  private Outcome<PublishRequest> admit(Call call, JsonObject message, @Nullable String itemKey) {
    Fields fields = new Fields(message).noneMisspelt(DraftReader.ADDRESSED);
    ChannelName name = fields.requiredChannel("channel");
    Outcome<Draft> draft = drafts.read(fields, null);
    if (name == null) {
      return draft.flatMap(unused -> fields.refused());
    }
    ChannelKey channel = new ChannelKey(call.app().id(), name);
    return draft.flatMap(given -> admission.admit(call, channel, keyed(given, itemKey)));
  }

  private static Draft keyed(Draft draft, @Nullable String itemKey) {
    return itemKey == null || draft.idempotencyKey() != null ? draft : draft.under(itemKey);
  }
}
