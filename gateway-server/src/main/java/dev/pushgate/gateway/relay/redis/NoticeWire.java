package dev.pushgate.gateway.relay.redis;

import dev.pushgate.core.cluster.Notice;
import dev.pushgate.core.cluster.Target;
import dev.pushgate.core.name.AppId;
import dev.pushgate.core.name.ChannelKey;
import dev.pushgate.core.name.ChannelName;
import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// Notices as bytes, in a closed schema: what it is and its version, id, time, kind, and the kind's
/// fields, each text with its length in front. Stateless.
final class NoticeWire {
  /// So that nothing else that is sealed with the cluster's secret passes for one.
  private static final byte[] BEGIN = "notice 1\n".getBytes(StandardCharsets.US_ASCII);

  private static final int TEXT_MAX = 16 * 1024;

  /// What is told under an id of its own.
  ///
  /// @param toldAtMs when, by the clock of the Redis that it goes through
  /// @param notice null when the teller had to leave some out: whoever hears this missed them
  record Sent(String id, long toldAtMs, @Nullable Notice notice) {}

  private enum Kind {
    LEFT_OUT,
    KEYS_CHANGED,
    CHANNEL_CHANGED,
    DISCONNECT,
    UNSUBSCRIBE_ALL,
    UNSUBSCRIBE
  }

  private enum Whose {
    USER,
    CLIENT,
    CONNECTION
  }

  private NoticeWire() {}

  static byte[] write(Sent sent) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (DataOutputStream out = new DataOutputStream(bytes)) {
      out.write(BEGIN);
      text(out, sent.id);
      out.writeLong(sent.toldAtMs);
      notice(out, sent.notice);
    } catch (IOException e) {
      throw new AssertionError("memory does not fail", e);
    }
    return bytes.toByteArray();
  }

  private static void notice(DataOutputStream out, @Nullable Notice notice) throws IOException {
    switch (notice) {
      case null -> kind(out, Kind.LEFT_OUT);
      case Notice.KeysChanged() -> kind(out, Kind.KEYS_CHANGED);
      case Notice.ChannelChanged(ChannelKey key) -> {
        kind(out, Kind.CHANNEL_CHANGED);
        text(out, key.app().value());
        text(out, key.name().value());
      }
      case Notice.Disconnect(AppId app, Target target) -> {
        kind(out, Kind.DISCONNECT);
        text(out, app.value());
        target(out, target);
      }
      case Notice.Unsubscribe(AppId app, Target target, ChannelKey key) -> {
        kind(out, key == null ? Kind.UNSUBSCRIBE_ALL : Kind.UNSUBSCRIBE);
        text(out, app.value());
        target(out, target);
        if (key != null) {
          text(out, key.name().value());
        }
      }
    }
  }

  private static void kind(DataOutputStream out, Kind kind) throws IOException {
    out.writeByte(kind.ordinal());
  }

  private static void target(DataOutputStream out, Target target) throws IOException {
    switch (target) {
      case Target.User(String id) -> whose(out, Whose.USER, id);
      case Target.Client(String id) -> whose(out, Whose.CLIENT, id);
      case Target.Connection(String id) -> whose(out, Whose.CONNECTION, id);
    }
  }

  private static void whose(DataOutputStream out, Whose whose, String id) throws IOException {
    out.writeByte(whose.ordinal());
    text(out, id);
  }

  private static void text(DataOutputStream out, String text) throws IOException {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    out.writeInt(bytes.length);
    out.write(bytes);
  }

  /// Empty when it is none that this version knows.
  static Optional<Sent> read(ByteBuffer in) {
    try {
      byte[] begin = new byte[BEGIN.length];
      in.get(begin);
      if (!Arrays.equals(begin, BEGIN)) {
        return Optional.empty();
      }
      Sent sent = new Sent(text(in), in.getLong(), notice(in));
      return in.hasRemaining() ? Optional.empty() : Optional.of(sent);
    } catch (RuntimeException _) { // too short, no such kind, no such name
      return Optional.empty();
    }
  }

  private static @Nullable Notice notice(ByteBuffer in) {
    return switch (Kind.values()[in.get()]) {
      case LEFT_OUT -> null;
      case KEYS_CHANGED -> new Notice.KeysChanged();
      case CHANNEL_CHANGED -> new Notice.ChannelChanged(channel(new AppId(text(in)), in));
      case DISCONNECT -> new Notice.Disconnect(new AppId(text(in)), target(in));
      case UNSUBSCRIBE_ALL -> new Notice.Unsubscribe(new AppId(text(in)), target(in), null);
      case UNSUBSCRIBE -> {
        AppId app = new AppId(text(in));
        yield new Notice.Unsubscribe(app, target(in), channel(app, in));
      }
    };
  }

  private static ChannelKey channel(AppId app, ByteBuffer in) {
    return new ChannelKey(app, new ChannelName(text(in)));
  }

  private static Target target(ByteBuffer in) {
    return switch (Whose.values()[in.get()]) {
      case USER -> new Target.User(text(in));
      case CLIENT -> new Target.Client(text(in));
      case CONNECTION -> new Target.Connection(text(in));
    };
  }

  private static String text(ByteBuffer in) {
    int length = in.getInt();
    if (length < 0 || length > TEXT_MAX || length > in.remaining()) {
      throw new IllegalArgumentException("a text that is too long");
    }
    byte[] bytes = new byte[length];
    in.get(bytes);
    return new String(bytes, StandardCharsets.UTF_8);
  }
}
