package dev.pushgate.core.simulation;

import dev.pushgate.core.name.AppId;
import dev.pushgate.core.name.ChannelKey;
import dev.pushgate.core.publication.Publication;
import dev.pushgate.core.store.ChannelCatalog;
import dev.pushgate.core.store.DeclaredChannel;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import java.util.function.Consumer;
import java.util.function.LongPredicate;
import java.util.function.UnaryOperator;

/// The simulation reads no lists.
class NoCatalog implements ChannelCatalog {
  @Override
  public CompletionStage<Void> forEach(Consumer<DeclaredChannel> action) {
    throw new UnsupportedOperationException();
  }

  @Override
  public CompletionStage<Optional<Listed>> find(ChannelKey key) {
    throw new UnsupportedOperationException();
  }

  @Override
  public CompletionStage<Page<Listed>> list(AppId app, boolean privateToo, PageRequest page) {
    throw new UnsupportedOperationException();
  }

  @Override
  public CompletionStage<Map<ChannelKey, Duration>> privateNames(Duration kept) {
    throw new UnsupportedOperationException();
  }

  @Override
  public CompletionStage<Optional<Duration>> privateName(ChannelKey key) {
    throw new UnsupportedOperationException();
  }

  @Override
  public CompletionStage<Void> forgetPrivateNames(Duration kept) {
    throw new UnsupportedOperationException();
  }

  @Override
  public CompletionStage<Optional<Listed>> update(
      ChannelKey key, UnaryOperator<DeclaredChannel> change) {
    throw new UnsupportedOperationException();
  }

  @Override
  public CompletionStage<Optional<Page<Publication>>> history(
      ChannelKey key, HistoryFilter filter, PageRequest page, LongPredicate room) {
    throw new UnsupportedOperationException();
  }
}
