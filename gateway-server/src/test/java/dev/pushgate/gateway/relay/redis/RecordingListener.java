package dev.pushgate.gateway.relay.redis;

import dev.pushgate.core.name.ChannelKey;
import dev.pushgate.core.relay.Arrival;
import dev.pushgate.core.relay.RelayListener;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/// Keeps what a relay brings. Thread-safe.
final class RecordingListener implements RelayListener {
  final List<Arrival> arrivals = new CopyOnWriteArrayList<>();
  final List<ChannelKey> confirmed = new CopyOnWriteArrayList<>();
  final List<ChannelKey> missed = new CopyOnWriteArrayList<>();
  final List<ChannelKey> doubtful = new CopyOnWriteArrayList<>();
  final List<ChannelKey> ended = new CopyOnWriteArrayList<>();
  volatile boolean room = true;

  @Override
  public boolean arrived(Arrival arrival) {
    if (room) {
      arrivals.add(arrival);
    }
    return room;
  }

  @Override
  public void confirmed(ChannelKey key) {
    confirmed.add(key);
  }

  @Override
  public void missed(ChannelKey key) {
    missed.add(key);
  }

  @Override
  public void doubtful(ChannelKey key) {
    doubtful.add(key);
  }

  @Override
  public void ended(ChannelKey key) {
    ended.add(key);
  }

  List<Long> offsets() {
    return arrivals.stream().map(arrival -> arrival.publication().offset()).toList();
  }

  List<String> data() {
    return arrivals.stream()
        .map(arrival -> new String(arrival.publication().data(), TestNode.UTF_8))
        .toList();
  }
}
