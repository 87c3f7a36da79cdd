package dev.pushgate.core.relay;

import dev.pushgate.core.publication.Publication;

/// A publication that came through the relay. Immutable.
///
/// @param previousId the id of the publication before it in its epoch; empty for the first. When
///     offsets fit and this does not, the stream is not the one that was followed
public record Arrival(Publication publication, String previousId) {}
