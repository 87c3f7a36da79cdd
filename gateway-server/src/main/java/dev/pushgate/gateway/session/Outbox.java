package dev.pushgate.gateway.session;

import dev.pushgate.core.memory.MemoryHolder;
import dev.pushgate.core.publication.EncodedFrames;
import dev.pushgate.core.publication.WireFormat;
import dev.pushgate.core.shard.OutboundMemory;
import dev.pushgate.core.shard.OutboundQueue;
import dev.pushgate.gateway.net.HalfClosedWrites;
import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelOutboundBuffer;
import io.netty.channel.ChannelPromise;
import io.netty.channel.WriteBufferWaterMark;
import io.netty.handler.ssl.SslHandler;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// What waits for one client's socket. Confined to the socket's loop.
///
/// Where nothing below has to see the bytes, they go straight to the socket's own queue: no walk
/// through the pipeline, no promise for each write. A TLS handler has to see them.
final class Outbox implements OutboundQueue {
  /// Whose outbox it is.
  interface Owner {
    /// What waits has to go: the session is ended as a slow consumer's, soon.
    void tooSlow();

    /// The socket is being cut; what it has to do with that follows.
    void cut();

    /// From now on something waits that the client does not take at once.
    void fallsBehind();

    /// Its own frames that waited, answers most of all, are fewer again.
    void hasRoom();
  }

  /// As much as the pool of buffers has a size of its own for.
  private static final int PIECE_BYTES = 64 << 10;

  /// How many of its own frames wait before no more is read that asks for others.
  private static final int MAX_OWN = 256;

  private final Channel socket;
  private final int lowWaterBytes;
  private final boolean straight;

  /// Null while Netty writes.
  private @Nullable HalfClosedWrites halfClosed;

  private final int maxBytes;
  private final OutboundMemory memory;
  private final SessionObserver observer;
  private final Owner owner;
  private final MemoryHolder holder;
  private long queuedBytes;
  private int ownWaiting;

  /// Whether something was left behind by the last flush: then the memory watches this one.
  private boolean isBehind;

  Outbox(
      Channel socket,
      SessionLimits.Outbound limits,
      OutboundMemory memory,
      SessionObserver observer,
      MemoryHolder holder,
      Owner owner) {
    this.holder = holder;
    this.socket = socket;
    this.memory = memory;
    this.owner = owner;
    this.straight = socket.pipeline().get(SslHandler.class) == null;
    this.maxBytes = limits.maxBytes();
    this.observer = observer;
    // Netty's mark tells when the queue falls below low water; what is too much is asked for, not
    // told.
    this.lowWaterBytes = limits.lowWaterBytes();
    socket.config().setWriteBufferWaterMark(new WriteBufferWaterMark(lowWaterBytes, lowWaterBytes));
    halfClosed = HalfClosedWrites.of(socket);
  }

  /// The client has ended its half of the connection.
  void inputEnded() {
    HalfClosedWrites.addTo(socket);
    halfClosed = HalfClosedWrites.of(socket);
  }

  /// Queues a frame.
  void write(byte[] frame) {
    write(buffer(frame));
  }

  /// Queues frames that others are sent too; `shared` is this one's reference to them.
  void writeShared(ByteBuf shared) {
    // Not the pipeline's void promise: that one would report each write that a closed socket
    // fails.
    boolean isNettys = straight && halfClosed == null;
    queue(shared, isNettys ? socket.unsafe().voidPromise() : socket.newPromise());
  }

  /// Queues frames that belong to nobody else; they count until the socket has taken them.
  private void write(ByteBuf own) {
    queue(own, counted(own));
  }

  private ChannelPromise counted(ByteBuf own) {
    int bytes = own.capacity();
    ChannelPromise promise = socket.newPromise();
    ownWaiting++;
    promise.addListener(_ -> gone(bytes));
    return promise;
  }

  private void gone(int bytes) {
    memory.taken(bytes);
    if (--ownWaiting == MAX_OWN / 2) {
      owner.hasRoom();
    }
  }

  private void queue(ByteBuf frames, ChannelPromise promise) {
    observer.sent(frames.readableBytes());
    long before = pendingBytes();
    if (!straight) {
      var unused = socket.write(frames, promise);
    } else if (halfClosed != null) {
      halfClosed.write(frames, promise);
    } else {
      socket.unsafe().write(frames, promise);
    }
    // As the queue counts: a frame is more there than its bytes.
    queuedBytes += pendingBytes() - before;
  }

  /// Queues an answer and a replay so that nothing can come between them: in pieces, for what the
  /// client has taken of it is given back then.
  ///
  /// @param place hears how much was queued, and when it is gone
  void writeReplay(
      byte[] answer, List<EncodedFrames> replay, WireFormat format, ReplayPlace place) {
    List<byte[]> frames = new ArrayList<>(replay.size() + 1);
    frames.add(answer);
    replay.forEach(each -> frames.add(each.in(format)));
    List<ByteBuf> pieces = pieces(frames);
    place.gave(pieces.stream().mapToLong(ByteBuf::readableBytes).sum());
    for (ByteBuf piece : pieces) {
      int bytes = piece.readableBytes();
      ChannelPromise promise = counted(piece);
      promise.addListener(_ -> place.taken(bytes));
      queue(piece, promise);
    }
  }

  private List<ByteBuf> pieces(List<byte[]> frames) {
    long left = 0;
    for (byte[] frame : frames) {
      left += frame.length;
    }
    List<ByteBuf> pieces = new ArrayList<>();
    try {
      ByteBuf piece = allocate((int) Math.min(left, PIECE_BYTES));
      pieces.add(piece);
      for (byte[] frame : frames) {
        int from = 0;
        while (from < frame.length) {
          if (!piece.isWritable()) {
            piece = allocate((int) Math.min(left, PIECE_BYTES));
            pieces.add(piece);
          }
          int length = Math.min(piece.writableBytes(), frame.length - from);
          piece.writeBytes(frame, from, length);
          from += length;
          left -= length;
        }
      }
    } catch (Throwable e) {
      pieces.forEach(memory::release);
      throw e;
    }
    return pieces;
  }

  /// Queues a frame and hands everything to the socket; `sent` runs when it has gone out, or
  /// cannot.
  void writeLast(byte[] frame, Runnable sent) {
    ByteBuf last = buffer(frame);
    ChannelPromise promise = counted(last);
    queue(last, promise);
    flush();
    promise.addListener(done -> sent.run());
  }

  void flush() {
    if (!straight) {
      socket.flush();
    } else if (halfClosed != null) {
      halfClosed.flush();
    } else {
      socket.unsafe().flush();
    }
    boolean wasBehind = isBehind;
    isBehind = pendingBytes() > 0;
    if (isBehind || wasBehind) { // of those who are always ready nothing is kept
      memory.flushed(this);
    }
    if (isBehind && !wasBehind) {
      owner.fallsBehind();
    }
  }

  /// Whether so many of its own frames wait that nothing more should be read.
  boolean isFull() {
    return ownWaiting >= MAX_OWN;
  }

  /// The socket is gone.
  void closed() {
    memory.left(this);
  }

  @Override
  public MemoryHolder holder() {
    return holder;
  }

  @Override
  public void closeSlow() {
    owner.tooSlow();
  }

  @Override
  public void cut() {
    owner.cut();
    var unused = socket.close();
  }

  @Override
  public int ownWrites() {
    return ownWaiting;
  }

  @Override
  public int sharedWrites() {
    ChannelOutboundBuffer queue = socket.unsafe().outboundBuffer();
    int netty = queue == null ? 0 : queue.size();
    int all = netty + (halfClosed == null ? 0 : halfClosed.waitingWrites());
    return Math.max(0, all - ownWaiting);
  }

  /// Whether little waits. Nothing does any more where nothing can be sent.
  boolean isLow() {
    return socket.unsafe().outboundBuffer() == null
        || (halfClosed == null ? socket.isWritable() : pendingBytes() <= lowWaterBytes);
  }

  boolean isOverLimit() {
    return pendingBytes() > maxBytes;
  }

  @Override
  public long drainedBytes() {
    ChannelOutboundBuffer queue = socket.unsafe().outboundBuffer();
    long ofFirst = queue == null ? 0 : Math.max(0, queue.currentProgress());
    return queuedBytes - pendingBytes() + ofFirst;
  }

  private ByteBuf allocate(int bytes) {
    return memory.allocate(bytes);
  }

  private ByteBuf buffer(byte[] frame) {
    return allocate(frame.length).writeBytes(frame);
  }

  @Override
  public long pendingBytes() {
    // Netty may have given up its own queue already, while others' writes still wait.
    ChannelOutboundBuffer queue = socket.unsafe().outboundBuffer();
    long netty = queue == null ? 0 : queue.totalPendingWriteBytes();
    return netty + (halfClosed == null ? 0 : halfClosed.waitingBytes());
  }
}
