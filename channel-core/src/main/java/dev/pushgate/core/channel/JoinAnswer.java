package dev.pushgate.core.channel;

import dev.pushgate.core.name.StreamPosition;
import dev.pushgate.core.publication.EncodedFrames;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// What a home answers to a join: membership begins right behind `head`. Immutable.
///
/// @param head the newest position
/// @param recovered whether `replay` holds everything since the asked position; null when none was
///     asked for
/// @param replay what goes out before anything live, oldest first
public record JoinAnswer(
    StreamPosition head, @Nullable Boolean recovered, List<EncodedFrames> replay) {

  public JoinAnswer {
    replay = List.copyOf(replay);
  }
}
