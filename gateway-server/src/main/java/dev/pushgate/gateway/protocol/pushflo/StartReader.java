package dev.pushgate.gateway.protocol.pushflo;

import dev.pushgate.core.channel.Start;
import dev.pushgate.core.name.StreamPosition;
import dev.pushgate.gateway.protocol.pushflo.FrameFields.Field;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JsonToken;

/// From where a `subscribe` wants its channel: `since`, `rewind` or neither. Confined to its
/// caller, used once.
final class StartReader {
  private static final Set<String> POSITION = Set.of("epoch", "offset");

  private final FieldReader frame;
  private final int maxRewind;

  StartReader(FieldReader frame, int maxRewind) {
    this.frame = frame;
    this.maxRewind = maxRewind;
  }

  /// Null when something is wrong; the frame's reader then knows what.
  @Nullable Start read() {
    Field since = frame.given("since");
    Field rewind = frame.given("rewind");
    if (frame.problem() != null) {
      return null;
    }
    if (since != null && rewind != null) {
      frame.fault("rewind", "cannot stand beside since");
      return null;
    }
    if (since != null) {
      return since(since);
    }
    return rewind == null ? Start.LIVE : rewind(rewind);
  }

  private @Nullable Start rewind(Field rewind) {
    long count = frame.wholeNumber("rewind", rewind, maxRewind);
    return count < 0 ? null : new Start.Rewind((int) count);
  }

  private @Nullable Start since(Field since) {
    if (since.token() != JsonToken.START_OBJECT) {
      frame.fault("since", "must be an object with epoch and offset");
      return null;
    }
    FrameFields position =
        FrameFields.read(frame.json(), since.from(), since.to(), POSITION, Set.of());
    Field epoch = position == null ? null : position.get("epoch");
    Field offset = position == null ? null : position.get("offset");
    if (epoch == null || offset == null || epoch.repeated() || offset.repeated()) {
      frame.fault("since", "must have epoch and offset, once each");
      return null;
    }
    String name = frame.string("since.epoch", epoch, 1, StreamPosition.MAX_EPOCH_LENGTH);
    long number = frame.wholeNumber("since.offset", offset, Long.MAX_VALUE);
    return name == null || number < 0 ? null : new Start.Since(new StreamPosition(name, number));
  }
}
