package dev.pushgate.rest;

import dev.pushgate.auth.ApiKey;
import dev.pushgate.core.publication.Publication;
import dev.pushgate.core.publication.Published;
import dev.pushgate.core.store.ChannelCatalog.Listed;
import dev.pushgate.core.store.DeclaredChannel;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeFormatterBuilder;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JsonGenerator;

/// How our things look in answers, each as one JSON object. Stateless.
final class Shapes {
  /// `2026-11-22T02:48:55.123Z`
  private static final DateTimeFormatter ISO_MILLISECONDS =
      new DateTimeFormatterBuilder().appendInstant(3).toFormatter(Locale.ROOT);

  private Shapes() {}

  static void published(JsonGenerator json, Published published) {
    json.writeStartObject();
    json.writeStringProperty("id", published.id());
    json.writeStringProperty("channelSlug", published.key().name().value());
    json.writeStringProperty("eventType", published.eventType());
    json.writeStringProperty("clientId", published.clientId());
    json.writeNumberProperty("delivered", published.delivered());
    json.writeStringProperty("createdAt", time(published.createdAtMs()));
    json.writeStringProperty("epoch", published.position().epoch());
    json.writeNumberProperty("offset", published.position().offset());
    json.writeEndObject();
  }

  static void message(JsonGenerator json, Publication message) {
    String channel = message.key().name().value();
    json.writeStartObject();
    json.writeStringProperty("id", message.id());
    json.writeStringProperty("channelSlug", channel);
    json.writeStringProperty("channel", channel);
    json.writeStringProperty("eventType", message.eventType());
    json.writeStringProperty("clientId", message.clientId());
    json.writeName("content");
    json.writeRawValue(new String(message.data(), StandardCharsets.UTF_8));
    json.writeStringProperty("createdAt", time(message.timestampMs()));
    json.writeNumberProperty("timestamp", message.timestampMs());
    json.writeStringProperty("epoch", message.position().epoch());
    json.writeNumberProperty("offset", message.offset());
    json.writeEndObject();
  }

  static void channel(JsonGenerator json, Listed listed) {
    DeclaredChannel channel = listed.channel();
    json.writeStartObject();
    json.writeStringProperty("id", channel.id());
    json.writeStringProperty("name", channel.title());
    json.writeStringProperty("slug", channel.key().name().value());
    json.writeName("description");
    writeText(json, channel.description());
    json.writeBooleanProperty("isPrivate", channel.isPrivate());
    json.writeName("metadata");
    if (channel.metadataJson() == null) {
      json.writeNull();
    } else {
      json.writeRawValue(channel.metadataJson());
    }
    json.writeNumberProperty("messageCount", listed.messageCount());
    json.writeStringProperty("createdAt", time(channel.createdAtMs()));
    json.writeStringProperty("updatedAt", time(channel.updatedAtMs()));
    json.writeEndObject();
  }

  /// @param text the key itself, for the one who made it just now; otherwise null
  static void key(JsonGenerator json, ApiKey key, @Nullable String text) {
    json.writeStartObject();
    json.writeStringProperty("id", key.id());
    json.writeStringProperty("kind", key.kind().wireName());
    json.writeStringProperty("label", key.label());
    json.writeStringProperty("hint", key.hint());
    json.writeStringProperty("createdAt", time(key.createdAt()));
    writeTime(json, "expiresAt", key.expiresAt());
    writeTime(json, "lastUsedAt", key.lastUsedAt());
    writeTime(json, "revokedAt", key.revokedAt());
    if (text != null) {
      json.writeStringProperty("key", text);
    }
    json.writeEndObject();
  }

  static String time(Instant instant) {
    return ISO_MILLISECONDS.format(instant);
  }

  private static String time(long epochMs) {
    return time(Instant.ofEpochMilli(epochMs));
  }

  private static void writeTime(JsonGenerator json, String name, @Nullable Instant instant) {
    json.writeName(name);
    writeText(json, instant == null ? null : time(instant));
  }

  private static void writeText(JsonGenerator json, @Nullable String text) {
    if (text == null) {
      json.writeNull();
    } else {
      json.writeString(text);
    }
  }
}
