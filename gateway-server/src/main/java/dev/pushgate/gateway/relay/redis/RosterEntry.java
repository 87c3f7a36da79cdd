package dev.pushgate.gateway.relay.redis;

import dev.pushgate.core.presence.MemberId;
import dev.pushgate.core.presence.Present;
import dev.pushgate.rest.json.JsonValue;
import dev.pushgate.rest.json.MalformedJson;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/// What is said of a member in the body of a roster's envelope: one byte, `P` for present or `G`
/// for gone, one with the kind of the id, `u` or `c`, the length of the id and the id; and for one
/// who is present, its info, if it has any, up to the end. So a node's secret vouches for all of
/// it. Immutable.
///
/// @param isPresent whether the member is present, with this info; else it is gone
record RosterEntry(boolean isPresent, Present member) {
  private static final byte PRESENT = 'P';
  private static final byte GONE = 'G';
  private static final char USER = 'u';
  private static final char CLIENT = 'c';
  private static final int HEAD_BYTES = 2 + Integer.BYTES;

  /// What a member is called in Redis.
  static String nameOf(MemberId id) {
    return switch (id) {
      case MemberId.User(String user) -> USER + user;
      case MemberId.Client(String client) -> CLIENT + client;
    };
  }

  /// @throws IllegalArgumentException when nobody is called so
  static MemberId idOf(String name) {
    if (name.isEmpty()) {
      throw new IllegalArgumentException("a member without a name");
    }
    String id = name.substring(1);
    return switch (name.charAt(0)) {
      case USER -> new MemberId.User(id);
      case CLIENT -> new MemberId.Client(id);
      default -> throw new IllegalArgumentException("neither a user nor a client");
    };
  }

  byte[] encode() {
    byte[] id = member.id().value().getBytes(StandardCharsets.UTF_8);
    String info = isPresent ? member.info() : null;
    byte[] infoBytes = info == null ? new byte[0] : info.getBytes(StandardCharsets.UTF_8);
    return ByteBuffer.allocate(HEAD_BYTES + id.length + infoBytes.length)
        .put(isPresent ? PRESENT : GONE)
        .put((byte) nameOf(member.id()).charAt(0))
        .putInt(id.length)
        .put(id)
        .put(infoBytes)
        .array();
  }

  /// @throws BadEnvelope when it is none
  static RosterEntry decode(byte[] body) throws BadEnvelope {
    ByteBuffer rest = ByteBuffer.wrap(body);
    if (rest.remaining() < HEAD_BYTES) {
      throw BadEnvelope.SHAPE;
    }
    byte state = rest.get();
    byte kind = rest.get();
    int length = rest.getInt();
    if ((state != PRESENT && state != GONE) || length < 0 || length > rest.remaining()) {
      throw BadEnvelope.SHAPE;
    }
    String id = text(rest, length);
    return new RosterEntry(
        state == PRESENT, new Present(memberId(kind, id), info(text(rest, rest.remaining()))));
  }

  private static String text(ByteBuffer rest, int length) {
    byte[] bytes = new byte[length];
    rest.get(bytes);
    return new String(bytes, StandardCharsets.UTF_8);
  }

  private static MemberId memberId(byte kind, String id) throws BadEnvelope {
    return switch (kind) {
      case USER -> new MemberId.User(id);
      case CLIENT -> new MemberId.Client(id);
      default -> throw BadEnvelope.SHAPE;
    };
  }

  /// Read, for it goes into frames as it is.
  private static @Nullable String info(String json) throws BadEnvelope {
    if (json.isEmpty()) {
      return null;
    }
    byte[] utf8 = json.getBytes(StandardCharsets.UTF_8);
    try {
      if (utf8.length > Present.MAX_INFO_BYTES) {
        throw BadEnvelope.SHAPE;
      }
      return JsonValue.ofText(utf8).source();
    } catch (MalformedJson _) {
      throw BadEnvelope.SHAPE;
    }
  }
}
