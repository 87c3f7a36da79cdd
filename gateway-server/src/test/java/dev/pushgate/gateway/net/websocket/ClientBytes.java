package dev.pushgate.gateway.net.websocket;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;

/// Builds the bytes of a client's frames, rightly or wrongly as a test wants them.
public final class ClientBytes {
  private static final byte[] KEY = {0x37, (byte) 0xFA, 0x21, 0x3D};

  private final ByteArrayOutputStream out = new ByteArrayOutputStream();

  public ClientBytes text(String text) {
    return frame(0x81, text.getBytes(StandardCharsets.UTF_8));
  }

  public ClientBytes close(int code, String reason) {
    byte[] sentence = reason.getBytes(StandardCharsets.UTF_8);
    byte[] payload = new byte[2 + sentence.length];
    payload[0] = (byte) (code >>> 8);
    payload[1] = (byte) code;
    System.arraycopy(sentence, 0, payload, 2, sentence.length);
    return frame(0x88, payload);
  }

  public ClientBytes ping(String payload) {
    return frame(0x89, payload.getBytes(StandardCharsets.UTF_8));
  }

  /// A masked frame with this first byte.
  public ClientBytes frame(int firstByte, byte[] payload) {
    return header(firstByte, payload.length).masked(payload, 0);
  }

  /// The header only, with a length that need not be true.
  public ClientBytes header(int firstByte, long length) {
    out.write(firstByte);
    if (length <= 125) {
      out.write((int) (0x80 | length));
    } else if (length <= 0xFFFF) {
      out.write(0x80 | 126);
      bigEndian(length, 2);
    } else {
      out.write(0x80 | 127);
      bigEndian(length, 8);
    }
    out.writeBytes(KEY);
    return this;
  }

  public ClientBytes masked(byte[] payload, int phase) {
    for (int i = 0; i < payload.length; i++) {
      out.write(payload[i] ^ KEY[(i + phase) % 4]);
    }
    return this;
  }

  public ClientBytes raw(int... bytes) {
    for (int b : bytes) {
      out.write(b);
    }
    return this;
  }

  private void bigEndian(long value, int bytes) {
    for (int shift = 8 * (bytes - 1); shift >= 0; shift -= 8) {
      out.write((int) (value >>> shift));
    }
  }

  public byte[] bytes() {
    return out.toByteArray();
  }
}
