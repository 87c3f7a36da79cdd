package dev.pushgate.gateway.store;

import dev.pushgate.auth.ApiKey;
import dev.pushgate.auth.App;
import dev.pushgate.auth.App.SigningSecret;
import dev.pushgate.auth.KeyKind;
import dev.pushgate.auth.Secret;
import dev.pushgate.core.name.AppId;
import dev.pushgate.core.name.ChannelKey;
import dev.pushgate.core.name.ChannelName;
import dev.pushgate.core.name.StreamPosition;
import dev.pushgate.core.publication.IdempotencyKey;
import dev.pushgate.core.publication.Publication;
import dev.pushgate.core.publication.Published;
import dev.pushgate.core.store.ChannelCatalog.Listed;
import dev.pushgate.core.store.DeclaredChannel;
import dev.pushgate.core.store.RememberedAnswer;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// How rows become what they stand for. Stateless.
final class Rows {
  private Rows() {}

  /// An application's columns, its secrets apart.
  static App app(ResultSet row, List<SigningSecret> secrets) throws SQLException {
    return new App(
        new AppId(row.getString("id")),
        row.getString("name"),
        row.getString("allowed_origins").lines().toList(),
        row.getBoolean("undeclared_channels"),
        row.getBoolean("publish_keys_read"),
        secrets,
        instant(row, "created_at"));
  }

  static SigningSecret signingSecret(ResultSet row) throws SQLException {
    return new SigningSecret(
        row.getString("kid"), new Secret(row.getString("secret")), instant(row, "created_at"));
  }

  static ApiKey apiKey(ResultSet row) throws SQLException {
    String kind = row.getString("kind");
    return new ApiKey(
        row.getString("id"),
        new AppId(row.getString("app")),
        KeyKind.ofWireName(kind)
            .orElseThrow(
                () -> new SQLException("the database holds a key of the kind " + kind, "22000")),
        row.getString("label"),
        row.getString("hint"),
        row.getString("hash"),
        instant(row, "created_at"),
        instantOrNull(row, "expires_at"),
        instantOrNull(row, "last_used_at"),
        instantOrNull(row, "revoked_at"));
  }

  static DeclaredChannel channel(ResultSet row) throws SQLException {
    return new DeclaredChannel(
        row.getString("id"),
        key(row),
        row.getString("title"),
        row.getString("description"),
        row.getBoolean("is_private"),
        row.getString("metadata"),
        row.getLong("created_at"),
        row.getLong("updated_at"));
  }

  static DeclaredChannel channelWithoutTexts(ResultSet row) throws SQLException {
    return new DeclaredChannel(
        row.getString("id"),
        key(row),
        "",
        null,
        row.getBoolean("is_private"),
        null,
        row.getLong("created_at"),
        row.getLong("updated_at"));
  }

  static Listed listed(ResultSet row) throws SQLException {
    return new Listed(channel(row), row.getLong("message_count"));
  }

  static ChannelKey key(ResultSet row) throws SQLException {
    return new ChannelKey(new AppId(row.getString("app")), new ChannelName(row.getString("slug")));
  }

  static Publication publication(ChannelKey key, ResultSet row) throws SQLException {
    return new Publication(
        key,
        position(row),
        row.getString("id"),
        row.getString("event_type"),
        row.getString("client_id"),
        row.getBytes("data"),
        row.getLong("created_at"));
  }

  static RememberedAnswer answer(ChannelKey key, ResultSet row) throws SQLException {
    return new RememberedAnswer(
        new IdempotencyKey(row.getString("idempotency_key"), row.getString("digest")),
        new Published(
            key,
            position(row),
            row.getString("message_id"),
            row.getString("event_type"),
            row.getString("client_id"),
            row.getInt("delivered"),
            row.getLong("created_at")),
        row.getLong("expires_at"));
  }

  private static StreamPosition position(ResultSet row) throws SQLException {
    return new StreamPosition(row.getString("epoch"), row.getLong("stream_offset"));
  }

  private static Instant instant(ResultSet row, String column) throws SQLException {
    return Instant.ofEpochMilli(row.getLong(column));
  }

  private static @Nullable Instant instantOrNull(ResultSet row, String column) throws SQLException {
    long ms = row.getLong(column);
    return row.wasNull() ? null : Instant.ofEpochMilli(ms);
  }
}
