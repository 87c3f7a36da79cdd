package dev.pushgate.gateway.net.websocket;

import dev.pushgate.core.outcome.CloseReason;
import java.nio.charset.StandardCharsets;

/// Frames from the server: whole, final and not masked. Thread-safe.
public final class ServerFrames {
  /// The longest header of a frame, in bytes.
  public static final int MAX_HEADER_BYTES = 10;

  private static final int FINAL = 0x80;
  private static final int SHORT_MAX = 125;
  private static final int MEDIUM_MAX = 0xFFFF;

  private ServerFrames() {}

  public static byte[] text(byte[] payload) {
    return frame(Opcode.TEXT, payload);
  }

  public static byte[] ping() {
    return frame(Opcode.PING, new byte[0]);
  }

  /// @param payload the ping's, at most 125 bytes
  public static byte[] pong(byte[] payload) {
    return frame(Opcode.PONG, payload);
  }

  /// A close frame with the reason's code and sentence.
  public static byte[] close(CloseReason reason) {
    byte[] sentence = reason.sentence().getBytes(StandardCharsets.US_ASCII);
    byte[] payload = new byte[2 + sentence.length];
    payload[0] = (byte) (reason.code() >>> 8);
    payload[1] = (byte) reason.code();
    System.arraycopy(sentence, 0, payload, 2, sentence.length);
    return frame(Opcode.CLOSE, payload);
  }

  /// The answer to a client's close frame: its own code, or none when it gave none.
  public static byte[] closeEcho(int code) {
    return code == ClientFrame.Close.NO_CODE
        ? frame(Opcode.CLOSE, new byte[0])
        : frame(Opcode.CLOSE, new byte[] {(byte) (code >>> 8), (byte) code});
  }

  /// Writes the header of a text frame so that it ends where the payload begins.
  ///
  /// @param bytes holds the payload from `payloadAt`, with [#MAX_HEADER_BYTES] free before it
  /// @return where the frame begins
  public static int textHeaderBefore(byte[] bytes, int payloadAt, int payloadLength) {
    int start = payloadAt - headerLength(payloadLength);
    writeHeader(bytes, start, Opcode.TEXT, payloadLength);
    return start;
  }

  private static byte[] frame(int opcode, byte[] payload) {
    int header = headerLength(payload.length);
    byte[] frame = new byte[header + payload.length];
    writeHeader(frame, 0, opcode, payload.length);
    System.arraycopy(payload, 0, frame, header, payload.length);
    return frame;
  }

  private static int headerLength(int length) {
    return length <= SHORT_MAX ? 2 : length <= MEDIUM_MAX ? 4 : MAX_HEADER_BYTES;
  }

  private static void writeHeader(byte[] bytes, int at, int opcode, int length) {
    bytes[at] = (byte) (FINAL | opcode);
    if (length <= SHORT_MAX) {
      bytes[at + 1] = (byte) length;
    } else if (length <= MEDIUM_MAX) {
      bytes[at + 1] = 126;
      bytes[at + 2] = (byte) (length >>> 8);
      bytes[at + 3] = (byte) length;
    } else {
      bytes[at + 1] = 127;
      for (int i = 0; i < 4; i++) {
        bytes[at + 2 + i] = 0;
        bytes[at + 6 + i] = (byte) (length >>> (24 - 8 * i));
      }
    }
  }
}
