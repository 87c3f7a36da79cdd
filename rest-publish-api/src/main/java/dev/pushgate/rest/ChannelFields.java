package dev.pushgate.rest;

import dev.pushgate.core.store.DeclaredChannel;
import dev.pushgate.rest.json.JsonValue;
import org.jspecify.annotations.Nullable;

/// The settings of a channel as a body gives them; null for what it leaves alone. Immutable.
///
/// @param description what to set, when it is not cleared
/// @param metadata one JSON object as it was written, when it is not cleared
record ChannelFields(
    @Nullable String title,
    @Nullable String description,
    boolean clearsDescription,
    @Nullable Boolean isPrivate,
    @Nullable String metadata,
    boolean clearsMetadata) {
  private static final KnownFields KNOWN =
      KnownFields.of("slug", "name", "description", "isPrivate", "metadata");
  private static final int MAX_TITLE_LENGTH = 200;
  private static final int MAX_DESCRIPTION_LENGTH = 2_000;
  private static final int MAX_METADATA_BYTES = 16 * 1024;

  static ChannelFields read(Fields body) {
    Fields fields = body.noneMisspelt(KNOWN);
    return new ChannelFields(
        fields.text("name", 1, MAX_TITLE_LENGTH),
        fields.text("description", 0, MAX_DESCRIPTION_LENGTH),
        fields.clears("description"),
        fields.flag("isPrivate"),
        metadata(fields),
        fields.clears("metadata"));
  }

  private static @Nullable String metadata(Fields fields) {
    JsonValue metadata = fields.given("metadata");
    if (metadata == null) {
      return null;
    }
    if (!metadata.isObject()) {
      fields.problem("metadata", "must be a JSON object");
      return null;
    }
    if (metadata.length() > MAX_METADATA_BYTES) {
      fields.problem("metadata", "must be at most " + MAX_METADATA_BYTES + " bytes");
      return null;
    }
    return metadata.source();
  }

  /// The channel with these settings, and the others as they were.
  DeclaredChannel appliedTo(DeclaredChannel channel, long nowMs) {
    return new DeclaredChannel(
        channel.id(),
        channel.key(),
        title == null ? channel.title() : title,
        description == null && !clearsDescription ? channel.description() : description,
        isPrivate == null ? channel.isPrivate() : isPrivate,
        metadata == null && !clearsMetadata ? channel.metadataJson() : metadata,
        channel.createdAtMs(),
        nowMs);
  }
}
