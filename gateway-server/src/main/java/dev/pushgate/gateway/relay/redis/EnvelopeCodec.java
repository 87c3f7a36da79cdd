package dev.pushgate.gateway.relay.redis;

import dev.pushgate.core.name.AppId;
import dev.pushgate.core.name.ChannelKey;
import dev.pushgate.core.name.ChannelName;
import dev.pushgate.core.name.StreamPosition;
import dev.pushgate.core.publication.Publication;
import dev.pushgate.core.publication.PublishRequest;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/// Reads and writes envelopes. Thread-safe.
///
/// An envelope is a line of ASCII that the script in Redis writes, `1 <kind> <epoch> <offset> <ms>
/// <id of the publication before, or ->`, and behind it the body that a node made: a [Seal] over
/// one byte with the kind, then the app and the channel, then what the kind has (for `P`: id, event
/// type, client id and data; for `R`: bytes), each with its length before it. So a node's secret
/// vouches for what was said and in which channel, and Redis alone for its place.
public final class EnvelopeCodec {
  private static final char VERSION = '1';
  private static final int HEADER_BYTES_MAX = 512;
  private static final int HEADER_FIELDS = 6;
  private static final int LENGTH_BYTES = Integer.BYTES;

  private static final char MESSAGE = 'P';
  private static final char NEW_EPOCH = 'E';
  private static final char ENDED = 'D';
  private static final char ROSTER = 'R';

  private final Seal seal;

  public EnvelopeCodec(Seal seal) {
    this.seal = seal;
  }

  byte[] messageBody(PublishRequest request, String id) {
    return body(
        MESSAGE,
        request.key(),
        utf8(id),
        utf8(request.eventType()),
        utf8(request.clientId()),
        request.data());
  }

  byte[] newEpochBody(ChannelKey key) {
    return body(NEW_EPOCH, key);
  }

  byte[] endedBody(ChannelKey key) {
    return body(ENDED, key);
  }

  /// For a script that changes a roster: it writes `1 R <epoch> <version> <ms> -\n` before it.
  byte[] rosterBody(ChannelKey key, byte[] change) {
    return body(ROSTER, key, change);
  }

  private byte[] body(char kind, ChannelKey key, byte[]... fields) {
    byte[] app = utf8(key.app().value());
    byte[] channel = utf8(key.name().value());
    int size = seal.overhead() + 1 + 2 * LENGTH_BYTES + app.length + channel.length;
    for (byte[] field : fields) {
      size += LENGTH_BYTES + field.length;
    }
    ByteBuffer body = ByteBuffer.allocate(size).position(seal.overhead()).put((byte) kind);
    put(body, app);
    put(body, channel);
    for (byte[] field : fields) {
      put(body, field);
    }
    seal.close(body.array());
    return body.array();
  }

  private static void put(ByteBuffer body, byte[] field) {
    body.putInt(field.length).put(field);
  }

  private static byte[] utf8(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  /// @throws BadEnvelope when it is none of this cluster's
  Envelope decode(byte[] envelope) throws BadEnvelope {
    int end = endOfHeader(envelope);
    String[] header = new String(envelope, 0, end, StandardCharsets.US_ASCII).split(" ", -1);
    if (header.length != HEADER_FIELDS
        || !header[0].equals(String.valueOf(VERSION))
        || header[1].length() != 1) {
      throw BadEnvelope.SHAPE;
    }
    ByteBuffer body = seal.open(envelope, end + 1);
    if (body == null) {
      throw BadEnvelope.SECRET;
    }
    try {
      return decode(header, body);
    } catch (IllegalArgumentException _) {
      throw BadEnvelope.SHAPE; // a number that is none, a name that is not allowed
    }
  }

  private static int endOfHeader(byte[] envelope) throws BadEnvelope {
    for (int i = 0; i < Math.min(envelope.length, HEADER_BYTES_MAX); i++) {
      if (envelope[i] == '\n') {
        return i;
      }
    }
    throw BadEnvelope.SHAPE;
  }

  private static Envelope decode(String[] header, ByteBuffer body) throws BadEnvelope {
    char kind = header[1].charAt(0);
    if (!body.hasRemaining() || body.get() != kind) {
      throw BadEnvelope.SHAPE;
    }
    String epoch = header[2];
    if (epoch.isEmpty() || epoch.length() > StreamPosition.MAX_EPOCH_LENGTH) {
      throw BadEnvelope.SHAPE;
    }
    long number = Long.parseLong(header[3]);
    ChannelKey key = new ChannelKey(new AppId(text(body)), new ChannelName(text(body)));
    Envelope envelope =
        switch (kind) {
          case MESSAGE -> message(header, key, new StreamPosition(epoch, number), body);
          case NEW_EPOCH -> new Envelope.NewEpoch(key, epoch);
          case ENDED -> new Envelope.Ended(key);
          case ROSTER -> new Envelope.Roster(key, epoch, number, field(body));
          default -> throw BadEnvelope.SHAPE;
        };
    if (body.hasRemaining()) {
      throw BadEnvelope.SHAPE;
    }
    return envelope;
  }

  private static Envelope message(
      String[] header, ChannelKey key, StreamPosition position, ByteBuffer body)
      throws BadEnvelope {
    if (position.offset() < 1) {
      throw BadEnvelope.SHAPE;
    }
    String id = text(body);
    String eventType = text(body);
    String clientId = text(body);
    long ms = Long.parseLong(header[4]);
    String previous = header[5].equals("-") ? "" : header[5];
    return new Envelope.Message(
        new Publication(key, position, id, eventType, clientId, field(body), ms), previous);
  }

  private static String text(ByteBuffer body) throws BadEnvelope {
    return new String(field(body), StandardCharsets.UTF_8);
  }

  private static byte[] field(ByteBuffer body) throws BadEnvelope {
    int length = body.remaining() < LENGTH_BYTES ? -1 : body.getInt();
    if (length < 0 || length > body.remaining()) {
      throw BadEnvelope.SHAPE;
    }
    byte[] field = new byte[length];
    body.get(field);
    return field;
  }
}
