package dev.pushgate.core.shard;

import dev.pushgate.core.memory.MemoryHolder;
import dev.pushgate.core.name.ChannelKey;
import dev.pushgate.core.name.StreamPosition;
import dev.pushgate.core.publication.EncodedFrames;
import dev.pushgate.core.publication.WireFormat;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// The members of one channel on one shard, and what they are due in this turn. Confined to its
/// shard.
final class SubscriberSet {
  /// The members of one wire format, side by side in one array: a fan-out walks it from end to end.
  static final class Group {
    final WireFormat format;
    private @Nullable Subscription[] members = new Subscription[1];
    private int size;

    private Group(WireFormat format) {
      this.format = format;
    }

    int size() {
      return size;
    }

    Subscriber subscriber(int index) {
      Subscription member = members[index];
      if (member == null) {
        throw new IndexOutOfBoundsException(index);
      }
      return member.subscriber();
    }

    private void add(Subscription member) {
      if (size == members.length) {
        members = Arrays.copyOf(members, size * 2);
      }
      member.index = size;
      members[size++] = member;
    }

    /// The last one takes the place of the one that goes.
    private void remove(Subscription member) {
      Subscription last = members[--size];
      members[size] = null;
      if (last != null && last != member) {
        members[member.index] = last;
        last.index = member.index;
      }
      member.index = -1;
    }
  }

  private final ChannelKey key;

  /// On whose account it is kept: of who came first.
  private final MemoryHolder holder;

  private final List<Group> groups = new ArrayList<>(1);
  private int size;

  /// The newest publication that members have been given.
  private StreamPosition position;

  /// What is due in this turn, oldest first, and when the oldest of it got its place.
  final List<EncodedFrames> due = new ArrayList<>();

  long dueSinceNanos;

  SubscriberSet(ChannelKey key, StreamPosition position, MemoryHolder holder) {
    this.key = key;
    this.holder = holder;
    this.position = position;
  }

  ChannelKey key() {
    return key;
  }

  MemoryHolder holder() {
    return holder;
  }

  int size() {
    return size;
  }

  List<Group> groups() {
    return groups;
  }

  StreamPosition position() {
    return position;
  }

  void moveTo(StreamPosition newest) {
    position = newest;
  }

  void add(Subscription member) {
    groupOf(member.wireFormat()).add(member);
    size++;
  }

  void remove(Subscription member) {
    groupOf(member.wireFormat()).remove(member);
    size--;
  }

  /// Every member; the action may remove members.
  void forEach(Consumer<Subscription> action) {
    List<Subscription> all = new ArrayList<>(size);
    for (Group group : groups) {
      for (int i = 0; i < group.size; i++) {
        Subscription member = group.members[i];
        if (member != null) {
          all.add(member);
        }
      }
    }
    all.forEach(action);
  }

  private Group groupOf(WireFormat format) {
    for (Group group : groups) {
      if (group.format.index() == format.index()) {
        return group;
      }
    }
    Group group = new Group(format);
    groups.add(group);
    return group;
  }
}
