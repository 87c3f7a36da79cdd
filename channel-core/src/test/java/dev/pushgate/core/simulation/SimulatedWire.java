package dev.pushgate.core.simulation;

import dev.pushgate.core.name.AppId;
import dev.pushgate.core.name.ChannelKey;
import dev.pushgate.core.name.ChannelName;
import dev.pushgate.core.name.StreamPosition;
import dev.pushgate.core.presence.PresenceEvent;
import dev.pushgate.core.publication.EncodedFrames;
import dev.pushgate.core.publication.Publication;
import dev.pushgate.core.publication.WireFormat;
import java.nio.charset.StandardCharsets;
import java.util.function.Consumer;
import java.util.stream.Collectors;

/// A wire format that is easily read back: a line for each publication.
final class SimulatedWire implements WireFormat {
  static final String PRESENCE = "presence ";

  static final SimulatedWire FORMAT = new SimulatedWire(_ -> {});

  record Message(ChannelKey key, StreamPosition position, String id, String data) {}

  /// Whether the next presence cannot be encoded.
  boolean fails;

  private final Consumer<Publication> onEncode;

  /// @param onEncode hears of every publication that is encoded: of those of channels with members,
  ///     when they are accepted
  SimulatedWire(Consumer<Publication> onEncode) {
    this.onEncode = onEncode;
  }

  @Override
  public int index() {
    return 0;
  }

  @Override
  public byte[] encode(Publication p) {
    onEncode.accept(p);
    String data = new String(p.data(), StandardCharsets.UTF_8);
    return (p.key()
            + "/"
            + p.position().epoch()
            + "/"
            + p.offset()
            + "/"
            + p.id()
            + "/"
            + data
            + "\n")
        .getBytes(StandardCharsets.UTF_8);
  }

  /// A line that begins with [#PRESENCE], and does not tell the epoch.
  @Override
  public byte[] encode(PresenceEvent event) {
    if (fails) {
      fails = false;
      throw new IllegalStateException("the test says so");
    }
    String members =
        event.members().stream()
            .map(member -> member.id().value() + (member.info() == null ? "" : "=" + member.info()))
            .collect(Collectors.joining(","));
    return (PRESENCE + event.action() + " " + event.stamp().version() + " " + members + "\n")
        .getBytes(StandardCharsets.UTF_8);
  }

  static Message read(EncodedFrames frames) {
    return parse(new String(frames.in(FORMAT), StandardCharsets.UTF_8).trim());
  }

  static Message parse(String line) {
    String[] part = line.split("/", -1);
    return new Message(
        new ChannelKey(new AppId(part[0]), new ChannelName(part[1])),
        new StreamPosition(part[2], Long.parseLong(part[3])),
        part[4],
        part[5]);
  }
}
