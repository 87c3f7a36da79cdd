package dev.pushgate.gateway.store;

import dev.pushgate.core.name.ChannelKey;
import dev.pushgate.core.publication.Publication;
import dev.pushgate.gateway.store.Job.Add;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.jdbi.v3.core.Handle;

/// Publications that a relay gave their places, archived together. Each channel's row is locked
/// first, all in one order, so that nodes which archive the same channels wait for each other and
/// never in a circle. Confined to its lane.
final class AddBatch implements WriteBatch {
  private final List<Add> adds;
  private final String forUpdate;

  /// What became of them in the last transaction.
  private final Map<Add, Verdict> verdicts = new LinkedHashMap<>();

  private enum Verdict {
    /// It is there.
    KEPT,
    /// Its channel is not declared.
    UNDECLARED,
    /// Another message has its place.
    TAKEN
  }

  /// @param forUpdate as of [dev.pushgate.gateway.store.dialect.Dialect#forUpdate]
  AddBatch(List<Add> adds, String forUpdate) {
    this.adds = List.copyOf(adds);
    this.forUpdate = forUpdate;
  }

  @Override
  public Set<ChannelKey> channels() {
    return adds.stream().map(AddBatch::key).collect(Collectors.toSet());
  }

  @Override
  public int jobs() {
    return adds.size();
  }

  @Override
  public List<AddBatch> divided() {
    Set<ChannelKey> some =
        channels().stream().limit(channels().size() / 2).collect(Collectors.toSet());
    if (!some.isEmpty()) {
      Map<Boolean, List<Add>> halves =
          adds.stream().collect(Collectors.partitioningBy(add -> some.contains(key(add))));
      return halves.values().stream().map(half -> new AddBatch(half, forUpdate)).toList();
    }
    int half = adds.size() / 2;
    return List.of(
        new AddBatch(adds.subList(0, half), forUpdate),
        new AddBatch(adds.subList(half, adds.size()), forUpdate));
  }

  @Override
  public void write(Handle handle) {
    verdicts.clear();
    RelayedRows rows = new RelayedRows(handle, forUpdate);
    Map<Add, RelayedRows.Place> places = places(rows);
    Map<RelayedRows.Place, String> ids = rows.idsAt(Set.copyOf(places.values()));
    Map<RelayedRows.Place, Publication> missing = new TreeMap<>();
    places.forEach(
        (add, place) -> {
          if (ids.putIfAbsent(place, add.publication().id()) == null) {
            missing.put(place, add.publication());
          }
        });
    rows.insert(missing);
    places.forEach(
        (add, place) ->
            verdicts.put(
                add, add.publication().id().equals(ids.get(place)) ? Verdict.KEPT : Verdict.TAKEN));
  }

  /// Where in the archive each belongs whose channel is declared; in the order of the calls.
  private Map<Add, RelayedRows.Place> places(RelayedRows rows) {
    Map<ChannelKey, Long> channels =
        rows.lock(adds.stream().map(AddBatch::key).collect(Collectors.toSet()));
    Map<Add, RelayedRows.Epoch> epochs = new LinkedHashMap<>();
    for (Add add : adds) {
      Long channel = channels.get(key(add));
      if (channel == null) {
        verdicts.put(add, Verdict.UNDECLARED);
      } else {
        epochs.put(add, new RelayedRows.Epoch(channel, add.publication().position().epoch()));
      }
    }
    Map<RelayedRows.Epoch, Long> numbers = rows.epochNumbers(new LinkedHashSet<>(epochs.values()));
    Map<Add, RelayedRows.Place> places = new LinkedHashMap<>();
    epochs.forEach(
        (add, epoch) ->
            places.put(
                add,
                new RelayedRows.Place(
                    epoch.channel(), numbers.getOrDefault(epoch, 0L), add.publication().offset())));
    return places;
  }

  private static ChannelKey key(Add add) {
    return add.publication().key();
  }

  @Override
  public void committed() {
    verdicts.forEach(
        (add, verdict) -> {
          switch (verdict) {
            case KEPT -> add.done().complete(true);
            case UNDECLARED -> add.done().complete(false);
            case TAKEN -> add.done().completeExceptionally(taken(add.publication()));
          }
        });
  }

  private static IllegalStateException taken(Publication publication) {
    return new IllegalStateException(
        "the archive has another message than "
            + publication.id()
            + " at offset "
            + publication.offset()
            + " of epoch "
            + publication.position().epoch()
            + " of "
            + publication.key());
  }

  @Override
  public void failed(RuntimeException why) {
    adds.forEach(add -> add.fail(why));
  }
}
