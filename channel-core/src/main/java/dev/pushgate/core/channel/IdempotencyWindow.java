package dev.pushgate.core.channel;

import dev.pushgate.core.memory.MemoryHolder;
import dev.pushgate.core.memory.MemoryShare;
import dev.pushgate.core.name.ChannelKey;
import dev.pushgate.core.name.SeededHash;
import dev.pushgate.core.outcome.Outcome;
import dev.pushgate.core.outcome.Refusal;
import dev.pushgate.core.publication.IdempotencyKey;
import dev.pushgate.core.publication.Published;
import dev.pushgate.core.store.RememberedAnswer;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.ToLongFunction;
import org.jspecify.annotations.Nullable;

/// The answers that retries of a shard's publishes get, on the accounts of their publishers. When
/// there is no room, publishes with a key are refused rather than remembered answers dropped, for a
/// dropped one is a message delivered twice. Confined to its shard.
public final class IdempotencyWindow {
  /// What an entry costs beside its characters: it, its place and answer and the names in them as
  /// objects of their own, the links between them, numbers.
  private static final int ENTRY_OVERHEAD_BYTES = 768;

  /// Its hash is seeded, for publishers choose their keys.
  private record Place(ChannelKey channel, String key) implements Comparable<Place> {
    @Override
    public int compareTo(Place other) {
      int byKey = key.compareTo(other.key);
      return byKey != 0 ? byKey : channel.compareTo(other.channel);
    }

    @Override
    public int hashCode() {
      return 31 * channel.hashCode() + SeededHash.of(key);
    }
  }

  private static final class Entry {
    final Place place;
    final String digest;
    final MemoryHolder holder;
    int bytes;
    @Nullable Published answer;
    long expiresAtMs = Long.MAX_VALUE;
    final List<Answer<Published>> waiting = new ArrayList<>(1);

    Entry(Place place, String digest, MemoryHolder holder) {
      this.holder = holder;
      this.place = place;
      this.digest = digest;
      this.bytes =
          ENTRY_OVERHEAD_BYTES
              + place.channel.app().value().length()
              + place.channel.name().value().length()
              + Character.BYTES * place.key.length()
              + digest.length();
    }

    /// What the answer adds. Epochs and ids are ASCII, which takes a byte each; a publisher's own
    /// strings may not be.
    static int bytesOf(Published answer) {
      return answer.position().epoch().length()
          + answer.id().length()
          + Character.BYTES * (answer.eventType().length() + answer.clientId().length());
    }
  }

  private final Map<Place, Entry> entries = new HashMap<>();
  private final Deque<Entry> byExpiry = new ArrayDeque<>();
  private final MemoryShare memory;
  private long bytes;

  public IdempotencyWindow(MemoryShare memory) {
    this.memory = memory;
  }

  /// How many bytes are spent on remembered answers.
  public long bytes() {
    return bytes;
  }

  /// Begins a publish under a key. True when the caller is to go on with it and to report with
  /// [#settle]; false when `answer` was or will be given: the first answer again, or a conflict.
  ///
  /// @param holder the publisher
  public boolean begin(
      ChannelKey channel,
      IdempotencyKey key,
      MemoryHolder holder,
      Answer<Published> answer,
      long nowMs) {
    expire(nowMs);
    Place place = new Place(channel, key.value());
    Entry entry = entries.get(place);
    if (entry != null && entry.expiresAtMs > nowMs) {
      repeat(entry, key, answer);
      return false;
    }
    if (entry != null) {
      forget(entry);
    }
    Entry begun = new Entry(place, key.digest(), holder);
    if (!memory.take(holder, begun.bytes)) {
      answer.give(
          Outcome.refused(
              Refusal.RATE_LIMITED, "Too many idempotency keys are remembered at the moment"));
      return false;
    }
    add(begun);
    return true;
  }

  /// Gives the answer that is remembered under a key, or the conflict with it. False, and nothing
  /// was given, when there is none.
  boolean repeat(ChannelKey channel, IdempotencyKey key, Answer<Published> answer, long nowMs) {
    Entry entry = entries.get(new Place(channel, key.value()));
    if (entry == null || entry.answer == null || entry.expiresAtMs <= nowMs) {
      return false;
    }
    repeat(entry, key, answer);
    return true;
  }

  private static void repeat(Entry entry, IdempotencyKey key, Answer<Published> answer) {
    if (!entry.digest.equals(key.digest())) {
      answer.give(
          Outcome.refused(Refusal.CONFLICT, "This idempotency key was used with another message"));
    } else if (entry.answer == null) {
      entry.waiting.add(answer);
    } else {
      answer.give(Outcome.done(entry.answer));
    }
  }

  /// Ends a publish that [#begin] let go on. An answer is remembered; a refusal is not, so that a
  /// retry is a new try. Whoever asked meanwhile gets the same.
  public void settle(
      ChannelKey channel, IdempotencyKey key, Outcome<Published> outcome, long expiresAtMs) {
    Entry entry = entries.get(new Place(channel, key.value()));
    if (entry == null || entry.answer != null) {
      return;
    }
    switch (outcome) {
      case Outcome.Done<Published>(Published answer) -> remember(entry, answer, expiresAtMs);
      case Outcome.Refused<Published> _ -> forget(entry);
    }
    List<Answer<Published>> waiting = List.copyOf(entry.waiting);
    entry.waiting.clear();
    waiting.forEach(answer -> answer.give(outcome));
  }

  /// Takes over what the store remembers of a channel. It goes in whatever the limit says: these
  /// answers were promised already.
  ///
  /// @param expiry when an answer expires, by the clock of [#begin]
  void restore(
      ChannelKey channel, List<RememberedAnswer> answers, ToLongFunction<RememberedAnswer> expiry) {
    for (RememberedAnswer remembered : answers) {
      Place place = new Place(channel, remembered.key().value());
      if (!entries.containsKey(place)) {
        Entry entry = new Entry(place, remembered.key().digest(), ofApp(channel));
        memory.force(entry.holder, entry.bytes);
        add(entry);
        remember(entry, remembered.answer(), expiry.applyAsLong(remembered));
      }
    }
  }

  private static MemoryHolder ofApp(ChannelKey channel) {
    return new MemoryHolder(channel.app(), null, null);
  }

  /// Forgets all keys of a channel whose messages are gone.
  public void forget(ChannelKey channel) {
    List<Entry> found =
        entries.values().stream()
            .filter(entry -> entry.place.channel.equals(channel) && entry.answer != null)
            .toList();
    found.forEach(this::forget);
  }

  /// Drops what has expired. Cheap when there is nothing to drop.
  public void expire(long nowMs) {
    Entry first = byExpiry.peekFirst();
    while (first != null && first.expiresAtMs <= nowMs) {
      byExpiry.removeFirst();
      if (entries.get(first.place) == first) {
        forget(first);
      }
      first = byExpiry.peekFirst();
    }
  }

  private void add(Entry entry) {
    entries.put(entry.place, entry);
    bytes += entry.bytes;
  }

  private void remember(Entry entry, Published answer, long expiresAtMs) {
    entry.answer = answer;
    entry.expiresAtMs = expiresAtMs;
    int more = Entry.bytesOf(answer);
    memory.force(entry.holder, more);
    entry.bytes += more;
    bytes += more;
    byExpiry.addLast(entry);
  }

  private void forget(Entry entry) {
    entries.remove(entry.place);
    memory.giveBack(entry.holder, entry.bytes);
    bytes -= entry.bytes;
  }
}
