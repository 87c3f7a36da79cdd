package dev.pushgate.gateway.protocol.pushflo;

import dev.pushgate.core.channel.Start;
import dev.pushgate.core.name.StreamPosition;
import dev.pushgate.rest.Fields;
import org.jspecify.annotations.Nullable;

/// From where a `subscribe` wants its channel: `since`, `rewind` or neither. Immutable.
final class StartReader {
  private static final String SINCE = "since";
  private static final String REWIND = "rewind";

  private final int maxRewind;

  StartReader(int maxRewind) {
    this.maxRewind = maxRewind;
  }

  /// Null when something is wrong with it, which is then noted in the frame's fields.
  @Nullable Start read(Fields frame) {
    boolean hasSince = frame.given(SINCE) != null;
    boolean hasRewind = frame.given(REWIND) != null;
    if (hasSince && hasRewind) {
      frame.problem(REWIND, "cannot stand beside since");
      return null;
    }
    if (hasSince) {
      return since(frame);
    }
    return hasRewind ? rewind(frame) : Start.LIVE;
  }

  private @Nullable Start rewind(Fields frame) {
    Long count = frame.wholeNumber(REWIND, 0, maxRewind);
    return count == null ? null : new Start.Rewind(count.intValue());
  }

  private static @Nullable Start since(Fields frame) {
    Fields position = frame.object(SINCE);
    if (position == null) {
      return null;
    }
    String epoch = position.requiredText("epoch", 1, StreamPosition.MAX_EPOCH_LENGTH);
    Long offset = position.requiredWholeNumber("offset", 0, Long.MAX_VALUE);
    return epoch == null || offset == null
        ? null
        : new Start.Since(new StreamPosition(epoch, offset));
  }
}
