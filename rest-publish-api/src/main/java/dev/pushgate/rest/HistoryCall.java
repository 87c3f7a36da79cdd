package dev.pushgate.rest;

import dev.pushgate.auth.Permission;
import dev.pushgate.core.engine.Channels;
import dev.pushgate.core.name.ChannelKey;
import dev.pushgate.core.outcome.Outcome;
import dev.pushgate.core.outcome.Refusal;
import dev.pushgate.core.publication.Publication;
import dev.pushgate.core.publication.PublishRequest;
import dev.pushgate.core.store.ChannelCatalog;
import dev.pushgate.core.store.ChannelCatalog.HistoryFilter;
import dev.pushgate.core.store.ChannelCatalog.Page;
import dev.pushgate.core.store.ChannelCatalog.PageRequest;
import dev.pushgate.core.store.PageTooLargeException;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;

/// Reading a declared channel's archive, newest first. Thread-safe.
final class HistoryCall {
  private static final KnownFields KNOWN =
      KnownFields.of("page", "pageSize", "eventType", "after", "before");

  private static final ApiResponse TOO_LARGE =
      Answers.busy(
          "This page is larger than what this node can answer with now: ask for fewer messages"
              + " (pageSize), or try again");

  private final Channels channels;
  private final ChannelCatalog catalog;

  HistoryCall(Channels channels, ChannelCatalog catalog) {
    this.channels = channels;
    this.catalog = catalog;
  }

  /// `GET /channels/{slug}/messages`
  CompletionStage<Outcome<ApiResponse>> page(Call call) {
    return Steps.after(call.channel().flatMap(key -> readable(call, key)), key -> page(call, key));
  }

  /// Whether the channel is there is told only to those who may read it.
  private Outcome<ChannelKey> readable(Call call, ChannelKey key) {
    boolean isPrivate = channels.isPrivate(key);
    if (!call.mayRead(isPrivate)
        && !call.principal().may(Permission.HISTORY, key.name(), isPrivate)) {
      return Outcome.refused(
          Refusal.FORBIDDEN,
          "Reading history needs a secret key (sec_) or a token that grants it for this channel");
    }
    return channels.declared(key).isPresent()
        ? Outcome.done(key)
        : new Outcome.Refused<>(Refusal.CHANNEL_NOT_FOUND);
  }

  private CompletionStage<Outcome<ApiResponse>> page(Call call, ChannelKey key) {
    Query query = new Query(call.request().query()).noneMisspelt(KNOWN);
    PageRequest request = query.page();
    HistoryFilter filter =
        new HistoryFilter(
            query.text("eventType", 1, PublishRequest.MAX_NAME_LENGTH),
            query.wholeNumber("after", 0, Long.MAX_VALUE),
            query.wholeNumber("before", 0, Long.MAX_VALUE));
    if (!query.valid()) {
      return Steps.now(query.refused());
    }
    return page(call, new Wanted(key, filter, request));
  }

  private record Wanted(ChannelKey key, HistoryFilter filter, PageRequest page) {}

  private CompletionStage<Outcome<ApiResponse>> page(Call call, Wanted wanted) {
    return catalog
        .history(wanted.key, wanted.filter, wanted.page, bytes -> call.room().take(bytes))
        .thenApply(page -> answer(wanted.page, page))
        .exceptionallyCompose(failure -> withoutRoom(call, wanted, failure));
  }

  /// Large pages are made one at a time: then it is read when it is its turn.
  private CompletionStage<Outcome<ApiResponse>> withoutRoom(
      Call call, Wanted wanted, Throwable failure) {
    Throwable cause =
        failure instanceof CompletionException && failure.getCause() != null
            ? failure.getCause()
            : failure;
    if (!(cause instanceof PageTooLargeException)) {
      return CompletableFuture.failedStage(cause);
    }
    return call.room()
        .turn()
        .thenCompose(isNow -> isNow ? page(call, wanted) : Steps.now(Outcome.done(TOO_LARGE)));
  }

  private static Outcome<ApiResponse> answer(
      PageRequest request, Optional<Page<Publication>> found) {
    Page<Publication> page = found.orElse(null);
    if (page == null) {
      return new Outcome.Refused<>(Refusal.CHANNEL_NOT_FOUND);
    }
    return Outcome.done(
        Answers.success(
            200,
            json -> {
              json.writeStartObject();
              json.writeArrayPropertyStart("items");
              page.items().forEach(message -> Shapes.message(json, message));
              json.writeEndArray();
              Answers.writePagination(json, request, page);
              json.writeEndObject();
            }));
  }
}
