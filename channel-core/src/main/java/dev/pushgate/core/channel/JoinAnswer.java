package dev.pushgate.core.channel;

import dev.pushgate.core.name.StreamPosition;
import dev.pushgate.core.publication.EncodedFrames;
import dev.pushgate.core.publication.WireFormat;
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

  /// @param log the newest publications up to `head`
  static JoinAnswer to(JoinRequest request, StreamPosition head, RecentLog log) {
    WireFormat format = request.wireFormat();
    return switch (request.start()) {
      case Start.Live _ -> new JoinAnswer(head, null, List.of());
      case Start.Rewind(int count) -> new JoinAnswer(head, null, log.replay(count, format));
      case Start.Since(StreamPosition since) -> resume(since, head, log, format);
    };
  }

  private static JoinAnswer resume(
      StreamPosition since, StreamPosition head, RecentLog log, WireFormat format) {
    long missed = head.offset() - since.offset();
    boolean recovered = since.epoch().equals(head.epoch()) && missed >= 0 && missed <= log.size();
    return new JoinAnswer(head, recovered, recovered ? log.replay(missed, format) : List.of());
  }
}
