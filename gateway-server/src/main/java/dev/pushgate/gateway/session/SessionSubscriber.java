package dev.pushgate.gateway.session;

import dev.pushgate.core.memory.MemoryHolder;
import dev.pushgate.core.name.ChannelKey;
import dev.pushgate.core.name.StreamPosition;
import dev.pushgate.core.outcome.CloseReason;
import dev.pushgate.core.outcome.Outcome;
import dev.pushgate.core.publication.EncodedFrames;
import dev.pushgate.core.publication.WireFormat;
import dev.pushgate.core.shard.Subscriber;
import io.netty.buffer.ByteBuf;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// A session as the engine sees it: what channels have to say goes to the client. Confined to its
/// session.
final class SessionSubscriber implements Subscriber {
  private final Session session;
  private final ClientProtocol protocol;
  private final ChannelRights rights;
  private final Outbox outbox;

  SessionSubscriber(Session session, ClientProtocol protocol, ChannelRights rights, Outbox outbox) {
    this.session = session;
    this.protocol = protocol;
    this.rights = rights;
    this.outbox = outbox;
  }

  @Override
  public WireFormat wireFormat() {
    return protocol.wireFormat();
  }

  @Override
  public MemoryHolder holder() {
    return session.identity().holder();
  }

  @Override
  public boolean maySubscribe(ChannelKey key) {
    return session.isOpen() && rights.maySubscribe(key);
  }

  @Override
  public void write(ByteBuf frames) {
    if (session.isOpen()) {
      outbox.writeShared(frames.retainedDuplicate());
    }
  }

  @Override
  public void flush() {
    outbox.flush();
  }

  @Override
  public boolean isSlow() {
    return session.isOpen() && outbox.isOverLimit();
  }

  @Override
  public void closeSlow() {
    session.close(CloseReason.SLOW_CONSUMER);
  }

  @Override
  public void subscribed(
      ChannelKey key,
      @Nullable String ref,
      StreamPosition head,
      @Nullable Boolean recovered,
      List<EncodedFrames> replay) {
    tellWithReplay(new ServerEvent.Subscribed(key.name(), ref, head, recovered), replay);
    session.attending().subscribed(key);
    session.inbox().answered(key);
  }

  private void tellWithReplay(ServerEvent.Subscribed answer, List<EncodedFrames> replay) {
    if (replay.isEmpty() || !session.isOpen()) {
      session.tell(answer);
      return;
    }
    SessionLog.told(session.identity(), answer);
    outbox.writeReplay(protocol.encode(answer), replay, wireFormat(), session.inbox().replays());
    session.queued();
  }

  @Override
  public void subscribeRefused(ChannelKey key, @Nullable String ref, Outcome.Refused<?> refused) {
    session.tell(new ServerEvent.Error(refused, key.name(), ref));
    session.attending().forget(key);
    session.inbox().answered(key);
  }

  @Override
  public void removed(ChannelKey key, Outcome.@Nullable Refused<?> refused) {
    if (refused != null) {
      session.tell(new ServerEvent.Error(refused, key.name(), null));
    }
    session.tell(new ServerEvent.Unsubscribed(key.name(), null));
    session.attending().forget(key);
    session.inbox().answered(key);
  }

  @Override
  public void gap(ChannelKey key, String epoch, long from, long to) {
    session.tell(new ServerEvent.Gap(key.name(), epoch, from, to));
  }

  @Override
  public void entered(ChannelKey key) {
    session.inbox().answered(key);
  }

  @Override
  public void presenceUpdated(ChannelKey key, @Nullable String ref) {
    if (ref != null) {
      session.tell(new ServerEvent.PresenceUpdated(key.name(), ref));
    }
  }

  @Override
  public void presenceRefused(ChannelKey key, @Nullable String ref, Outcome.Refused<?> refused) {
    session.tell(new ServerEvent.Error(refused, key.name(), ref));
    session.inbox().answered(key);
  }

  @Override
  public void fail(Throwable cause) {
    session.fail(cause);
  }
}
