package dev.pushgate.rest.json;

import java.io.ByteArrayOutputStream;
import tools.jackson.core.JsonEncoding;
import tools.jackson.core.JsonGenerator;
import tools.jackson.core.ObjectWriteContext;
import tools.jackson.core.json.JsonFactory;
import tools.jackson.core.json.JsonWriteFeature;
import tools.jackson.core.util.JsonRecyclerPools;

/// Writes answers. Thread-safe.
public final class JsonOutput {
  // Answers are written on the few threads of event loops and stores: a buffer for each is the
  // cheapest.
  private static final JsonFactory FACTORY =
      JsonFactory.builder()
          .disable(JsonWriteFeature.ESCAPE_FORWARD_SLASHES)
          .recyclerPool(JsonRecyclerPools.threadLocalPool())
          .build();

  private static final int USUAL_LENGTH_BYTES = 320;

  private JsonOutput() {}

  /// Something that can be written as one JSON value.
  @FunctionalInterface
  public interface Writable {
    void writeTo(JsonGenerator json);
  }

  /// The bytes of one JSON value, in UTF-8.
  public static byte[] bytes(Writable value) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream(USUAL_LENGTH_BYTES);
    try (JsonGenerator json =
        FACTORY.createGenerator(ObjectWriteContext.empty(), bytes, JsonEncoding.UTF8)) {
      value.writeTo(json);
    }
    return bytes.toByteArray();
  }
}
