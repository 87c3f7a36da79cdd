package dev.pushgate.core.store;

import dev.pushgate.core.name.StreamPosition;
import dev.pushgate.core.publication.Publication;
import java.util.List;

/// What the store holds of a declared channel's stream. Immutable.
///
/// @param channel the channel's settings
/// @param head the epoch, and the offset of the newest durable publication (0 when there was none)
/// @param newest the newest publications of this epoch, oldest first, without holes, ending at
///     `head`
/// @param answers remembered answers that have not expired, oldest first
/// @param nowMs the time by which the store says that, in milliseconds since 1970: a clock that has
///     just been set ahead may not be believed
public record OpenedStream(
    DeclaredChannel channel,
    StreamPosition head,
    List<Publication> newest,
    List<RememberedAnswer> answers,
    long nowMs) {

  public OpenedStream {
    newest = List.copyOf(newest);
    answers = List.copyOf(answers);
  }
}
