package dev.pushgate.rest;

import dev.pushgate.core.cluster.Occupancy;
import dev.pushgate.core.engine.Positions;
import dev.pushgate.core.name.ChannelKey;
import dev.pushgate.core.name.ChannelName;
import dev.pushgate.core.name.StreamPosition;
import dev.pushgate.core.outcome.Outcome;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JsonGenerator;

/// How many subscribers channels have, and where their streams stand. Thread-safe.
final class OccupancyCalls {
  private static final KnownFields OCCUPIED = KnownFields.of("prefix", "limit");
  private static final int DEFAULT_LIMIT = 100;
  private static final int MAX_LIMIT = 1_000;

  private final Occupancy occupancy;
  private final Positions positions;

  OccupancyCalls(Occupancy occupancy, Positions positions) {
    this.occupancy = occupancy;
    this.positions = positions;
  }

  /// `GET /channels/{slug}/stats`: of any channel, be it declared, in use, or neither.
  CompletionStage<Outcome<ApiResponse>> stats(Call call) {
    return Steps.after(
        call.channel(),
        key -> positions.newest(key).thenApply(newest -> Outcome.done(stats(key, newest))));
  }

  private ApiResponse stats(ChannelKey key, Optional<StreamPosition> newest) {
    return Answers.success(
        200,
        json -> {
          json.writeStartObject();
          json.writeStringProperty("channel", key.name().value());
          json.writeNumberProperty("subscribers", occupancy.inCluster(key));
          json.writeNumberProperty("subscribersOnNode", occupancy.onNode(key));
          writePosition(json, newest.orElse(null));
          json.writeEndObject();
        });
  }

  private static void writePosition(JsonGenerator json, @Nullable StreamPosition newest) {
    if (newest == null) {
      json.writeNullProperty("epoch");
      json.writeNullProperty("offset");
    } else {
      json.writeStringProperty("epoch", newest.epoch());
      json.writeNumberProperty("offset", newest.offset());
    }
  }

  /// `GET /occupied-channels`: in the order of their names.
  CompletionStage<Outcome<ApiResponse>> occupied(Call call) {
    Query query = new Query(call.request().query()).noneUnknown(OCCUPIED);
    String prefix = query.text("prefix", 0, ChannelName.MAX_LENGTH);
    Long limit = query.wholeNumber("limit", 1, MAX_LIMIT);
    if (!query.valid()) {
      return Steps.now(query.refused());
    }
    Map<String, Integer> found =
        occupancy.occupied(
            call.app().id(),
            prefix == null ? "" : prefix,
            limit == null ? DEFAULT_LIMIT : limit.intValue());
    return Steps.now(Outcome.done(occupied(found)));
  }

  private static ApiResponse occupied(Map<String, Integer> channels) {
    return Answers.items(
        channels.entrySet(),
        (json, channel) -> {
          json.writeStartObject();
          json.writeStringProperty("channel", channel.getKey());
          json.writeNumberProperty("subscribers", channel.getValue());
          json.writeEndObject();
        });
  }
}
