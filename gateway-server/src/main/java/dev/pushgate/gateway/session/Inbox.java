package dev.pushgate.gateway.session;

import dev.pushgate.core.name.ChannelKey;
import dev.pushgate.core.name.ChannelName;
import dev.pushgate.gateway.net.ReceiveSize;
import io.netty.channel.Channel;
import io.netty.channel.socket.DuplexChannel;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// Decides when a client's next command is carried out. Confined to its session.
///
/// One replay at a time, each begun below low water: then what a client asked for can never make it
/// a slow consumer. A replay that waits for the store or the relay keeps no more waiting than other
/// replays and what is about the same channel: a publish is answered in its time whatever the
/// client wants to resume, and an unsubscribe calls off what it names. When the client has not
/// taken enough of what it was sent, everything waits, but for pings and renewals of the token:
/// their answers are small, clients without the one give up, and without the other their session
/// ends.
///
/// What waits does so in order. When [#MAX_WAITING] commands wait, or [#MAX_PUBLISHES_WAITING]
/// publishes among them, or the loop has no time for the next, no more of the client's bytes are
/// looked at, pings and renewals among them: so all the subscribes that a client begins with can
/// wait for a relay that is away.
final class Inbox {
  private static final int MAX_WAITING = 512;
  private static final int MAX_PUBLISHES_WAITING = 16;

  private static final Kept NOTHING = new Kept();

  private final Channel socket;
  private final Outbox outbox;
  private final Session session;
  private final int maxPublishes;
  private final ReplayTurn turn;
  private final CommandTurns turns;
  private final ReplayPlace replays;
  private @Nullable Deque<ClientCommand> waiting;

  /// What was carried out in this round of the loop.
  private int ranInRound;

  private long round;
  private int publishes;
  private int publishesWaiting;
  private long waitingBytes;
  private boolean resuming;

  /// Whether the next command waits for time on the loop: then nobody looks at what follows, for it
  /// would only take more memory.
  private boolean waitsForTurn;

  Inbox(Session session, Channel socket, Outbox outbox, Sessions home) {
    SessionLimits limits = home.services().limits();
    this.turns = home.turns();
    this.session = session;
    this.socket = socket;
    this.outbox = outbox;
    this.maxPublishes = limits.inbound().publishesInFlight();
    this.turn = new ReplayTurn(limits.times().replayTurns(), home.deadlines(), this::takeBack);
    this.replays =
        new ReplayPlace(
            outbox,
            home.replays(),
            new ReplayRate(limits.sending().replayPerSecond(), limits.sending().replayBurst()),
            home.services().nanoTime(),
            home.deadlines()::register,
            this::resumeLater);
  }

  void accept(ClientCommand command) {
    if (waitsForNothing(command) || (waiting == null && mayRun(command, NOTHING) && hasTurn())) {
      run(command);
      return;
    }
    append(command);
    waitsForTurn |= !hasTurn();
    holdBackIfFull();
    if (waitsForTurn || outbox.isLow()) {
      resumeLater(); // it may pass those that wait
    }
  }

  private void run(ClientCommand command) {
    ranInRound++;
    session.run(command);
  }

  /// Whether the loop has time for another command of this session now.
  private boolean hasTurn() {
    long now = turns.round();
    if (now != round) {
      round = now;
      ranInRound = 0;
    }
    return ranInRound < CommandTurns.OF_ONE_SESSION && turns.hasTime();
  }

  private void append(ClientCommand command) {
    waiting().add(command);
    waitingBytes += command.weight();
    publishesWaiting += command instanceof ClientCommand.Publish ? 1 : 0;
  }

  /// Reads no more while too much waits: commands, or answers that the client does not take.
  void holdBackIfFull() {
    if (session.isOpen() && isFull()) {
      socket.config().setAutoRead(false);
      ReceiveSize.little(socket);
    }
  }

  private static boolean waitsForNothing(ClientCommand command) {
    return command instanceof ClientCommand.Ping || command instanceof ClientCommand.Auth;
  }

  /// Has a wish to be present carried out before all that waits; not at once.
  void goOnWith(ClientCommand.Enter command) {
    waiting().addFirst(command);
    waitingBytes += command.weight();
    resumeLater();
  }

  private Deque<ClientCommand> waiting() {
    if (waiting == null) {
      waiting = new ArrayDeque<>(4);
    }
    return waiting;
  }

  /// A subscribe that may bring a replay, or a wish to be present, which brings the roster, has
  /// been handed to the engine.
  ///
  /// @param by the command that was
  void replayBegins(ChannelKey key, ClientCommand by) {
    turn.begin(key, by);
    replays.begins();
  }

  /// A subscribe was answered, or refused.
  void answered(ChannelKey key) {
    if (turn.end(key) || session.leaveTaking().hasBegun()) {
      resumeLater();
    }
  }

  void publishBegins() {
    publishes++;
  }

  void publishEnds() {
    publishes--;
    resumeLater();
  }

  /// Whether the client is not read from: then its silence means nothing.
  boolean isHeldBack() {
    return !socket.config().isAutoRead();
  }

  /// Has what waits carried out soon: never at once, for whoever calls may be walking over
  /// subscribers.
  void resumeLater() {
    if (!resuming
        && (waiting != null
            || isHeldBack()
            || session.received().hasRest()
            || session.leaveTaking().hasBegun())) {
      resuming = true;
      turns.add(this::resume);
    }
  }

  /// The client is gone: of what waits only publishes mean anything to others. They are carried out
  /// in their turn.
  void goOnAlone() {
    for (ClientCommand command : takeAll()) {
      if (command instanceof ClientCommand.Publish) {
        append(command);
      }
    }
    endReplays();
    resumeLater();
  }

  /// Forgets what waits and reads on, so that the client's goodbye is seen.
  void close() {
    waiting = null;
    publishesWaiting = 0;
    waitingBytes = 0;
    endReplays();
    readOn(socket);
  }

  private void endReplays() {
    turn.close();
    replays.close();
  }

  /// Has a socket read, but where nothing more can come: epoll knows that one no longer as one to
  /// read from.
  static void readOn(Channel socket) {
    if (!(socket instanceof DuplexChannel duplex && duplex.isInputShutdown())) {
      socket.config().setAutoRead(true);
    }
  }

  private void resume() {
    resuming = false;
    waitsForTurn = false;
    try {
      session.carryOut(this::carryOutWhatMayRun);
    } catch (Throwable e) {
      session.fail(e);
    }
    session.received().readEnds();
    session.leaveTaking().endWhenDone();
  }

  private void carryOutWhatMayRun() {
    Kept kept = new Kept();
    boolean hasTurn = true;
    while (hasTurn && waiting != null && !waiting.isEmpty()) {
      ClientCommand next = waiting.removeFirst();
      if (!mayRun(next, kept)) {
        kept.add(next);
      } else if (hasTurn()) {
        publishesWaiting -= next instanceof ClientCommand.Publish ? 1 : 0;
        waitingBytes -= next.weight();
        run(next);
      } else {
        hasTurn = false;
        waiting.addFirst(next);
      }
    }
    if (waiting != null) {
      kept.commands.addAll(waiting);
      waiting = kept.commands.isEmpty() ? null : kept.commands;
    }
    if (!hasTurn) {
      waitsForTurn = true;
      resumeLater();
    }
    if (waiting != null && kept.hasReplay()) {
      turn.othersWait();
      if (outbox.isLow() && !turn.isTaken() && !replays.mayBegin()) {
        replays.await(); // its turn tells when it has come
      }
    }
    if (!isFull()) {
      session.received().goOn();
    }
    if (isHeldBack() && !isFull()) {
      readOn(socket);
      session.readAgain();
    }
  }

  /// What waits, in bytes.
  long waitingBytes() {
    return waitingBytes;
  }

  /// What this session is sent again.
  ReplayPlace replays() {
    return replays;
  }

  /// Whether nothing waits, and nothing is under way that will be answered here.
  boolean isDone() {
    return waiting == null && publishes == 0 && !turn.isTaken();
  }

  /// Whether so much waits that nothing more is to be read.
  boolean isFull() {
    return outbox.isFull()
        || waitsForTurn
        || (waiting != null
            && (waiting.size() >= MAX_WAITING || publishesWaiting >= MAX_PUBLISHES_WAITING));
  }

  /// @param ahead the commands that came before this one and wait
  private boolean mayRun(ClientCommand command, Kept ahead) {
    ChannelName channel = command.membership();
    return outbox.isLow()
        && (channel == null || !ahead.isAbout(channel))
        && (channel == null || !turn.isOf(channel) || command instanceof ClientCommand.Unsubscribe)
        && (!command.bringsReplay()
            || !(turn.isTaken() || ahead.hasReplay() || !replays.mayBegin()))
        && (!(command instanceof ClientCommand.Publish)
            || (publishes < maxPublishes && !ahead.hasPublish()));
  }

  /// Puts a replay that has waited too long, and what is about its channel, behind all others.
  private boolean takeBack(ClientCommand late) {
    resumeLater();
    if (waiting == null || !session.takeBack(late)) {
      return false;
    }
    Deque<ClientCommand> others = new ArrayDeque<>();
    Deque<ClientCommand> same = new ArrayDeque<>();
    same.add(late);
    for (ClientCommand command : waiting) {
      (Objects.equals(late.membership(), command.membership()) ? same : others).add(command);
    }
    others.addAll(same);
    waiting = others;
    return true;
  }

  /// Forgets all that waits.
  ///
  /// @return what will not be carried out, in its order
  List<ClientCommand> takeAll() {
    List<ClientCommand> taken = waiting == null ? List.of() : List.copyOf(waiting);
    waiting = null;
    publishesWaiting = 0;
    waitingBytes = 0;
    return taken;
  }

  /// Forgets what waits and would make or change a membership.
  ///
  /// @param only of this channel; of all when it is null
  /// @return what will not be carried out
  List<ClientCommand> takeOut(@Nullable ChannelName only) {
    List<ClientCommand> taken = new ArrayList<>();
    if (waiting != null) {
      for (ClientCommand command : List.copyOf(waiting)) {
        ChannelName channel = command.membership();
        if (channel != null && (only == null || only.equals(channel))) {
          taken.add(command);
          waiting.remove(command);
          waitingBytes -= command.weight();
        }
      }
      resumeLater();
    }
    return taken;
  }
}
