package dev.pushgate.gateway.protocol.pushflo;

import dev.pushgate.core.publication.WireFormat;
import dev.pushgate.gateway.session.ClientCommand;
import dev.pushgate.gateway.session.ClientProtocol;
import dev.pushgate.gateway.session.ServerEvent;

/// The PushFlo wire with this server's additions, as docs/protocol/websocket.md tells. Thread-safe.
public final class PushFloProtocol implements ClientProtocol {
  private final PushFloWireFormat wireFormat;
  private final PushFloCommands commands;
  private final PushFloFrames frames = new PushFloFrames();

  /// @param maxDataBytes the longest data of one publish
  /// @param maxRewind the largest `rewind`: as many messages as a recent log holds
  public PushFloProtocol(PushFloWireFormat wireFormat, int maxDataBytes, int maxRewind) {
    this.wireFormat = wireFormat;
    this.commands = new PushFloCommands(maxDataBytes, maxRewind);
  }

  @Override
  public WireFormat wireFormat() {
    return wireFormat;
  }

  @Override
  public ClientCommand decode(byte[] text) {
    return commands.decode(text);
  }

  @Override
  public byte[] encode(ServerEvent event) {
    return frames.encode(event);
  }
}
