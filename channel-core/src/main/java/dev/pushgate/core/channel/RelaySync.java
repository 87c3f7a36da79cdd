package dev.pushgate.core.channel;

import dev.pushgate.core.name.StreamPosition;
import dev.pushgate.core.outcome.Outcome;
import dev.pushgate.core.outcome.Refusal;
import dev.pushgate.core.pace.DoublingPause;
import dev.pushgate.core.publication.EncodedFrames;
import dev.pushgate.core.publication.Publication;
import dev.pushgate.core.relay.Arrival;
import dev.pushgate.core.relay.Seen;
import dev.pushgate.core.relay.StreamSlice;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Keeps a home and the relay of one mind: the relay puts the stream in order, and the home follows
/// it. What arrives may have holes, come twice, or be of a stream that the relay has lost since;
/// whenever it does not fit, the home *reads* the stream and goes on from there. What had arrived
/// before a reading began is in the stream, or void; what arrives during it is held, bounded in
/// bytes, and taken after it.
///
/// Joins wait only until the stream was read once, and where they name a position that this home
/// does not know (a node they were on before may have been ahead of this one): then until it was
/// read after they asked.
///
/// Confined to its home.
public final class RelaySync implements HomeSync {
  /// After a reading that failed though the relay did not go away: when it does, [#confirmed] says
  /// that it is back.
  private static final DoublingPause RETRIES =
      new DoublingPause(Duration.ofSeconds(5), Duration.ofMinutes(1));

  private static final Outcome.Refused<?> FULL =
      new Outcome.Refused<>(Refusal.RELAY_UNAVAILABLE, "Too many requests wait for the relay");

  private final ChannelHome home;
  private final HomeHost host;
  private final JoinQueue joins;

  /// What arrived since the last reading began.
  private final HeldArrivals held;

  private final MissedPublications missed;

  private boolean followed;
  private boolean confirmed;
  private boolean opened;
  private boolean closed;

  /// From the beginning of a reading until all that it brought was handed out.
  private boolean reading;

  /// What the reading under way will bring is not enough, or void.
  private boolean readAgain;

  private boolean retryArmed;
  private Duration nextRetry = RETRIES.first();
  private long readings;

  /// The [StreamSlice#life] that members are in.
  private String life = "";

  RelaySync(ChannelHome home, HomeHost host) {
    this.home = home;
    this.host = host;
    this.joins = new JoinQueue(home, host, FULL);
    this.held = new HeldArrivals(host.storeBacklog());
    this.missed = new MissedPublications(home, host);
  }

  @Override
  public boolean isQuiet() {
    return !reading && joins.isEmpty();
  }

  @Override
  public void recover() {
    missed.clear();
    failed();
  }

  @Override
  public void close() {
    closed = true;
    held.clear();
    if (followed) {
      host.unfollow(home.key());
    }
  }

  // --- Joining ----------------------------------------------------------------------------------

  @Override
  public void join(JoinRequest request) {
    if (!followed) {
      followed = true;
      host.follow(home.key());
    }
    if (isKnown(request.start())) {
      home.admit(request);
    } else if (joins.add(request, readings) && confirmed && !reading) {
      read();
    }
  }

  @Override
  public void callOff(JoinRequest request) {
    joins.remove(request);
  }

  /// Whether the home has seen all that a join names.
  private boolean isKnown(Start start) {
    return opened
        && (!(start instanceof Start.Since(StreamPosition since))
            || (home.isInEpochOf(since) && since.offset() <= home.head()));
  }

  /// Lets those in who asked before a reading began: what they name and it did not bring is not
  /// there.
  ///
  /// @param finished the number of the reading that has ended
  private void admitJoins(long finished) {
    joins.admit(next -> next.readings() < finished || isKnown(next.request().start()));
    readAgain |= !joins.isEmpty() && !reading;
  }

  // --- What the relay says ----------------------------------------------------------------------

  /// From now on everything arrives; what came before may have been lost.
  public void confirmed() {
    confirmed = true;
    if (opened || !joins.isEmpty()) {
      read();
    }
  }

  /// The stream may not be where this home has it.
  public void doubtful() {
    if (confirmed && opened) {
      read();
    }
  }

  /// The channel was deleted: its stream has ended, and another may begin.
  public void ended() {
    home.end();
    opened = false;
    missed.clear();
    if (reading || !joins.isEmpty()) {
      read();
    }
  }

  public void arrived(Arrival arrival) {
    if (reading) {
      readAgain |= !held.add(arrival);
    } else if (opened) {
      take(arrival);
    } // else nobody is here, and whoever comes has the stream read
  }

  private void take(Arrival arrival) {
    Publication publication = arrival.publication();
    if (fits(arrival)) {
      home.accept(new EncodedFrames(publication));
    } else if (!isRepeated(publication)) {
      read();
    }
  }

  private boolean fits(Arrival arrival) {
    String headId = home.headId();
    return arrival.publication().offset() == home.head() + 1
        && home.isInEpochOf(arrival.publication().position())
        && (headId.isEmpty() || headId.equals(arrival.previousId()));
  }

  /// Whether members have been given this very publication. One that is too old to tell counts as
  /// repeated: if it is not, the next one shows it.
  private boolean isRepeated(Publication publication) {
    if (!home.isInEpochOf(publication.position()) || publication.offset() > home.head()) {
      return false;
    }
    String id = home.idAt(publication.offset());
    return id == null || id.equals(publication.id());
  }

  // --- Reading ----------------------------------------------------------------------------------

  private void read() {
    if (reading) {
      readAgain = true;
      return;
    }
    reading = true;
    readAgain = false;
    readings++;
    held.clear(); // the stream has it, or it is void
    host.read(
        home.key(), opened ? new Seen(home.position(), home.headId()) : null, this::readEnded);
  }

  private void readEnded(@Nullable StreamSlice slice, @Nullable Throwable failure) {
    if (closed) {
      return;
    }
    if (slice == null) {
      failed();
    } else if (!opened && readAgain) {
      finish(); // perhaps the stream has ended meanwhile
    } else {
      took(slice);
      handOut();
    }
  }

  private void failed() {
    reading = false;
    held.clear();
    if (!retryArmed) {
      retryArmed = true;
      host.runLater(home.key(), this::retry, nextRetry);
      nextRetry = RETRIES.after(nextRetry);
    }
  }

  private void retry() {
    retryArmed = false;
    if (!closed && !reading) {
      read();
    }
  }

  private void took(StreamSlice slice) {
    nextRetry = RETRIES.first();
    if (opened && isOfAnotherLife(slice)) {
      home.end();
      opened = false;
    }
    life = slice.life();
    if (opened && home.isInEpochOf(slice.head())) {
      for (Publication publication : slice.newest()) {
        if (publication.offset() > home.head()) {
          missed.add(publication);
        }
      }
    } else if (opened) {
      long before = slice.head().offset() - slice.newest().size();
      home.moveTo(slice.head().withOffset(before), List.of());
      slice.newest().forEach(missed::add);
    } else {
      home.load(slice.head(), slice.newest());
      opened = true;
    }
    missed.endAt(new Seen(slice.head(), slice.headId()));
  }

  /// Whether the channel was deleted, and nobody heard of it here. What the relay has lost says
  /// nothing about that.
  private boolean isOfAnotherLife(StreamSlice slice) {
    return !home.isInEpochOf(slice.head()) && !slice.life().isEmpty() && !slice.life().equals(life);
  }

  private void handOut() {
    if (closed) {
      return;
    }
    if (missed.give()) {
      finish();
    } else {
      host.runLater(home.key(), this::handOut, Duration.ZERO);
    }
  }

  /// Goes on with what arrived meanwhile.
  private void finish() {
    long finished = readings;
    reading = false;
    if (opened) {
      while (!held.isEmpty() && !reading) {
        take(held.takeOldest());
      }
      admitJoins(finished);
    }
    if (readAgain && !reading) {
      read();
    }
  }
}
