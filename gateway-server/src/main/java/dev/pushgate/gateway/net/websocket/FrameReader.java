package dev.pushgate.gateway.net.websocket;

import dev.pushgate.core.outcome.CloseReason;
import io.netty.buffer.ByteBuf;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// Finds a client's frames in the bytes of its socket, however those are cut. Between two reads it
/// keeps only what has arrived of an unfinished frame or message; of an idle connection, nothing.
/// Confined to the socket's event loop.
///
/// Lengths are held against the limit as they are declared, and memory grows as bytes arrive, never
/// by what a length promises. A message over the limit is passed over, unless it is so long that
/// nobody can mean it. After a violation, a binary message or a close frame, everything is
/// passed over.
public final class FrameReader {
  private enum Stage {
    FIRST_BYTE,
    SECOND_BYTE,
    LENGTH,
    MASK,
    PAYLOAD,
    STOPPED
  }

  private static final int FINAL = 0x80;
  private static final int RESERVED = 0x70;
  private static final int MASKED = 0x80;
  private static final int MAX_CONTROL_BYTES = 125;

  /// How many times the limit a message may be for the connection to go on behind it.
  private static final int MOST_PASSED_OVER = 16;

  private final MessageBuffer message;
  private final long maxPassedOver;
  private Stage stage = Stage.FIRST_BYTE;
  private boolean isFinal;
  private int opcode;
  private int fieldBytesLeft;
  private int smallestLength;
  private int maskKey;
  private long length;
  private int arrived;
  private boolean inMessage;
  private byte @Nullable [] control;

  /// How much of a message is passed over that is too long; 0 when it is not.
  private long passedOver;

  /// Nobody wants messages any more.
  private boolean passesAll;

  private long messages;
  private long payloadBytes;

  /// @param maxMessageBytes the longest message, and so the longest frame
  public FrameReader(int maxMessageBytes) {
    this.message = new MessageBuffer(maxMessageBytes);
    this.maxPassedOver = (long) MOST_PASSED_OVER * maxMessageBytes;
  }

  /// What is kept until more bytes come.
  public long heldBytes() {
    byte[] begun = control;
    return message.heldBytes() + (begun == null ? 0 : begun.length);
  }

  /// Whether a frame or a message has begun and not ended.
  public boolean isUnfinished() {
    return stage != Stage.STOPPED && (stage != Stage.FIRST_BYTE || inMessage);
  }

  /// How many messages, and control frames outside of them, have come to their end: which one an
  /// unfinished one is.
  public long messages() {
    return messages;
  }

  /// How many bytes of messages have come, in all.
  public long payloadBytes() {
    return payloadBytes;
  }

  /// From now on only control frames are handed over, and nothing of a message is kept.
  public void passOver() {
    passesAll = true;
    message.clear();
  }

  /// Reads `in` to its end and hands over each frame that is whole, each message at its last one.
  /// `in` remains the caller's.
  public void read(ByteBuf in, Consumer<ClientFrame> sink) {
    read(in, sink, () -> true);
  }

  /// The same, as long as more is wanted.
  ///
  /// @param wantsMore asked behind each frame; when it says no, what follows stays in `in`
  public void read(ByteBuf in, Consumer<ClientFrame> sink, BooleanSupplier wantsMore) {
    while (in.isReadable() && stage != Stage.STOPPED) {
      ClientFrame frame = stage == Stage.PAYLOAD ? payload(in) : header(in.readUnsignedByte());
      if (frame != null) {
        sink.accept(frame);
        if (!wantsMore.getAsBoolean()) {
          return;
        }
      }
    }
    in.skipBytes(in.readableBytes());
  }

  private @Nullable ClientFrame header(int b) {
    return switch (stage) {
      case FIRST_BYTE -> firstByte(b);
      case SECOND_BYTE -> secondByte(b);
      case LENGTH -> lengthByte(b);
      case MASK -> maskByte(b);
      case PAYLOAD, STOPPED -> throw new IllegalStateException("not in a header");
    };
  }

  private @Nullable ClientFrame firstByte(int b) {
    isFinal = (b & FINAL) != 0;
    opcode = b & 0x0F;
    length = 0;
    maskKey = 0;
    arrived = 0;
    String fault = faultIn(b);
    if (fault != null) {
      return violation(fault);
    }
    if (opcode == Opcode.BINARY) {
      stage = Stage.STOPPED;
      return new ClientFrame.Binary();
    }
    stage = Stage.SECOND_BYTE;
    return null;
  }

  private @Nullable String faultIn(int firstByte) {
    if ((firstByte & RESERVED) != 0) {
      return "reserved bits are set";
    }
    if (Opcode.isReserved(opcode)) {
      return "reserved opcode";
    }
    if (Opcode.isControl(opcode)) {
      return isFinal ? null : "fragmented control frame";
    }
    if (opcode == Opcode.CONTINUATION) {
      return inMessage ? null : "continuation of nothing";
    }
    return inMessage ? "new message inside a fragmented one" : null;
  }

  private @Nullable ClientFrame secondByte(int b) {
    if ((b & MASKED) == 0) {
      return violation("frame is not masked");
    }
    int declared = b & 0x7F;
    if (Opcode.isControl(opcode) && declared > MAX_CONTROL_BYTES) {
      return violation("control frame longer than 125 bytes");
    }
    if (declared <= MAX_CONTROL_BYTES) {
      length = declared;
      return lengthKnown();
    }
    stage = Stage.LENGTH;
    fieldBytesLeft = declared == 126 ? Short.BYTES : Long.BYTES;
    smallestLength = declared == 126 ? MAX_CONTROL_BYTES + 1 : 0x10000;
    return null;
  }

  private @Nullable ClientFrame lengthByte(int b) {
    if (fieldBytesLeft == Long.BYTES && b >= 0x80) {
      return violation("length with its highest bit set");
    }
    length = length << 8 | b;
    if (--fieldBytesLeft > 0) {
      return null;
    }
    return length >= smallestLength ? lengthKnown() : violation("length not in its shortest form");
  }

  private @Nullable ClientFrame lengthKnown() {
    stage = Stage.MASK;
    fieldBytesLeft = Integer.BYTES;
    if (Opcode.isControl(opcode) || passesAll) {
      return null;
    }
    if (passedOver == 0 && message.hasRoomFor(length)) {
      return null;
    }
    return tooLong();
  }

  private @Nullable ClientFrame tooLong() {
    boolean isKnown = passedOver > 0;
    message.clear();
    if (length >= maxPassedOver - passedOver) {
      stage = Stage.STOPPED;
      return new ClientFrame.Violation(CloseReason.FRAME_TOO_LARGE, "message over the limit");
    }
    passedOver += length + 1;
    return isKnown ? null : new ClientFrame.TooLarge();
  }

  private @Nullable ClientFrame maskByte(int b) {
    maskKey = maskKey << 8 | b;
    if (--fieldBytesLeft > 0) {
      return null;
    }
    stage = Stage.PAYLOAD;
    if (Opcode.isControl(opcode)) {
      control = new byte[(int) length];
    }
    return length == 0 ? frameComplete() : null;
  }

  private @Nullable ClientFrame payload(ByteBuf in) {
    int count = (int) Math.min(in.readableBytes(), length - arrived);
    byte[] target = control;
    if (target != null) {
      in.readBytes(target, arrived, count);
      Mask.remove(target, arrived, arrived + count, maskKey, arrived);
    } else if (passesAll || passedOver > 0) {
      in.skipBytes(count);
      payloadBytes += count;
    } else if (!append(in, count)) {
      stage = Stage.STOPPED;
      message.clear();
      return new ClientFrame.Violation(CloseReason.INVALID_UTF8, "text is not UTF-8");
    }
    arrived += count;
    return arrived == length ? frameComplete() : null;
  }

  private boolean append(ByteBuf in, int count) {
    payloadBytes += count;
    return message.append(in, count, length - arrived, maskKey, arrived);
  }

  private @Nullable ClientFrame frameComplete() {
    stage = Stage.FIRST_BYTE;
    byte[] payload = control;
    if (payload != null) {
      control = null;
      messages += inMessage ? 0 : 1;
      return controlFrame(payload);
    }
    inMessage = !isFinal;
    if (!isFinal) {
      return new ClientFrame.Fragment();
    }
    messages++;
    if (passesAll || passedOver > 0) {
      passedOver = 0;
      return null;
    }
    if (!message.endsWithWholeCharacter()) {
      stage = Stage.STOPPED;
      message.clear();
      return new ClientFrame.Violation(CloseReason.INVALID_UTF8, "text ends inside a character");
    }
    return new ClientFrame.Text(message.take());
  }

  private ClientFrame controlFrame(byte[] payload) {
    return switch (opcode) {
      case Opcode.PING -> new ClientFrame.Ping(payload);
      case Opcode.PONG -> new ClientFrame.Pong();
      default -> {
        stage = Stage.STOPPED;
        message.clear();
        yield ClosePayload.parse(payload);
      }
    };
  }

  private ClientFrame violation(String why) {
    stage = Stage.STOPPED;
    message.clear();
    return new ClientFrame.Violation(CloseReason.MALFORMED_FRAME, why);
  }
}
