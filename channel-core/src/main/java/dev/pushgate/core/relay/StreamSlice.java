package dev.pushgate.core.relay;

import dev.pushgate.core.name.StreamPosition;
import dev.pushgate.core.publication.Publication;
import java.util.List;

/// The newest part of a stream, as the relay has it. Immutable.
///
/// @param head the newest position; offset 0 when nothing was published in this epoch
/// @param headId the id of the publication there; empty when there is none
/// @param newest publications of this epoch, oldest first, without holes; the last one stands at
///     `head`, and there is none when the relay keeps none
/// @param life the epoch that the last deletion of the channel began, which may be over by now;
///     empty when it was never deleted, as far as the relay still knows
public record StreamSlice(
    StreamPosition head, String headId, List<Publication> newest, String life) {
  public StreamSlice {
    newest = List.copyOf(newest);
  }
}
