package dev.pushgate.gateway.net.loop;

import io.netty.channel.EventLoop;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The deadlines of everything on one event loop, with one timer for all of them. A ring of slots,
/// each a tick wide, is gone round once per revolution. Moving a deadline to a later time, which
/// every byte from a client does, only notes the new time: the entry is carried to its new slot
/// when its old one is visited. A deadline expires up to two ticks late and never early; where the
/// loop was held up, a tick behind the I/O that waited for it. Confined to its loop.
public final class DeadlineWheel {
  private static final Logger log = LoggerFactory.getLogger(DeadlineWheel.class);

  /// A ring of this many slots of 100 ms goes round in 51 s: most deadlines are met in their first
  /// round.
  private static final int SLOTS = 512;

  private static final Duration TICK = Duration.ofMillis(100);

  /// From how many ticks on a loop was held up: by a process that stood still, most of all.
  private static final int HELD_UP_TICKS = 10;

  private final LongSupplier nanoTime;
  private final BooleanSupplier inside;
  private final long tickNanos;
  private final long startNanos;
  private final Deadline[] slots = new Deadline[SLOTS];
  private long tick;
  private boolean letsIoGoFirst;

  /// @param nanoTime as [System#nanoTime]
  /// @param inside whether the caller is on the wheel's loop
  /// @param tick the width of a slot
  DeadlineWheel(LongSupplier nanoTime, BooleanSupplier inside, Duration tick) {
    this.nanoTime = nanoTime;
    this.inside = inside;
    this.tickNanos = tick.toNanos();
    this.startNanos = nanoTime.getAsLong();
    for (int i = 0; i < SLOTS; i++) {
      slots[i] = Deadline.head(this);
    }
  }

  /// The wheel of an event loop, turned by it until it is shut down.
  static DeadlineWheel on(EventLoop loop) {
    DeadlineWheel wheel = new DeadlineWheel(System::nanoTime, loop::inEventLoop, TICK);
    long millis = TICK.toMillis();
    var unused = loop.scheduleWithFixedDelay(wheel::advance, millis, millis, TimeUnit.MILLISECONDS);
    return wheel;
  }

  /// Runs `onExpiry` on the loop once `delay` has passed, unless the deadline is moved or called
  /// off.
  public Deadline register(Runnable onExpiry, Duration delay) {
    Deadline deadline = new Deadline(this, onExpiry);
    reset(deadline, delay);
    return deadline;
  }

  void reset(Deadline deadline, Duration delay) {
    assertInside();
    long due = nanoTime.getAsLong() - startNanos + Math.max(0, delay.toNanos());
    deadline.dueTick = Math.max(tick, due / tickNanos) + 1;
    if (deadline.isAlone()) {
      place(deadline);
    } else if (deadline.dueTick < deadline.visitTick) {
      deadline.unlink();
      place(deadline);
    }
  }

  void cancel(Deadline deadline) {
    assertInside();
    deadline.unlink();
  }

  /// Runs what is due. A loop that was held up catches up with every slot once, but not before the
  /// next tick: what its clients sent meanwhile may be unread, and was in time.
  void advance() {
    assertInside();
    long now = (nanoTime.getAsLong() - startNanos) / tickNanos;
    letsIoGoFirst = !letsIoGoFirst && now - tick >= HELD_UP_TICKS;
    if (letsIoGoFirst) {
      return;
    }
    for (long next = Math.max(tick, now - SLOTS) + 1; next <= now; next++) {
      tick = next;
      visit(slots[(int) (next % SLOTS)], now);
    }
  }

  /// The ring is taken out whole before the first deadline runs: what expires may register, move
  /// and call off others, of this slot too.
  private void visit(Deadline slot, long now) {
    if (slot.isAlone()) {
      return;
    }
    Deadline taken = Deadline.head(this);
    slot.append(taken);
    slot.unlink();
    while (!taken.isAlone()) {
      Deadline deadline = taken.next();
      deadline.unlink();
      if (deadline.dueTick > now) {
        place(deadline);
      } else {
        expire(deadline);
      }
    }
  }

  private void place(Deadline deadline) {
    deadline.visitTick = tick + 1 + Math.floorMod(deadline.dueTick - tick - 1, (long) SLOTS);
    slots[(int) (deadline.visitTick % SLOTS)].append(deadline);
  }

  /// Errors too: what escaped from here would end the timer, and with it every deadline of the
  /// loop.
  private static void expire(Deadline deadline) {
    try {
      deadline.expire();
    } catch (Throwable e) {
      log.error("A deadline's action failed; the other deadlines go on", e);
    }
  }

  private void assertInside() {
    assert inside.getAsBoolean() : "a wheel is used on its own loop only";
  }
}
