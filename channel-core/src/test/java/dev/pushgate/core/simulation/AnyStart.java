package dev.pushgate.core.simulation;

import dev.pushgate.core.channel.Start;
import dev.pushgate.core.name.StreamPosition;
import java.util.Collection;
import java.util.List;
import java.util.SplittableRandom;

/// From where a simulated client subscribes. Stateless.
final class AnyStart {
  private AnyStart() {}

  /// @param known positions that somebody has seen once, in a set order
  static Start of(SplittableRandom random, Collection<StreamPosition> known) {
    return switch (random.nextInt(3)) {
      case 0 -> Start.LIVE;
      case 1 -> new Start.Rewind(random.nextInt(10));
      default ->
          known.isEmpty()
              ? Start.LIVE
              : new Start.Since(List.copyOf(known).get(random.nextInt(known.size())));
    };
  }
}
