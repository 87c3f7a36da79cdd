package dev.pushgate.rest;

import dev.pushgate.core.engine.Channels;
import dev.pushgate.core.name.ChannelKey;
import dev.pushgate.core.name.ChannelName;
import dev.pushgate.core.outcome.Outcome;
import dev.pushgate.core.outcome.Refusal;
import dev.pushgate.core.store.ChannelCatalog;
import dev.pushgate.core.store.ChannelCatalog.Listed;
import dev.pushgate.core.store.ChannelCatalog.Page;
import dev.pushgate.core.store.ChannelCatalog.PageRequest;
import dev.pushgate.core.store.DeclaredChannel;
import dev.pushgate.rest.json.JsonBody;
import java.time.Clock;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/// Declaring channels, and finding, changing and deleting declared ones. Thread-safe.
final class ChannelCalls {
  private static final KnownFields LISTED = KnownFields.of("page", "pageSize");

  private final Channels channels;
  private final ChannelCatalog catalog;
  private final Clock clock;

  ChannelCalls(Channels channels, ChannelCatalog catalog, Clock clock) {
    this.channels = channels;
    this.catalog = catalog;
    this.clock = clock;
  }

  /// `GET /channels`
  CompletionStage<Outcome<ApiResponse>> list(Call call) {
    Query query = new Query(call.request().query()).noneMisspelt(LISTED);
    PageRequest request = query.page();
    if (!query.valid()) {
      return Steps.now(query.refused());
    }
    return catalog
        .list(call.app().id(), call.mayRead(true), request)
        .thenApply(page -> Outcome.done(listed(request, page)));
  }

  /// The list has its pagination beside `data`, unlike the history: so PushFlo's clients want it.
  private static ApiResponse listed(PageRequest request, Page<Listed> page) {
    return Answers.unwrapped(
        200,
        json -> {
          json.writeStartObject();
          json.writeBooleanProperty("success", true);
          json.writeArrayPropertyStart("data");
          page.items().forEach(channel -> Shapes.channel(json, channel));
          json.writeEndArray();
          Answers.writePagination(json, request, page);
          json.writeEndObject();
        });
  }

  /// `POST /channels`
  CompletionStage<Outcome<ApiResponse>> declare(Call call) {
    return Steps.after(
        JsonBody.read(call.request().body()).flatMap(body -> declared(call, new Fields(body))),
        channel -> channels.declare(channel).thenApply(outcome -> answer(outcome, 201)));
  }

  private Outcome<DeclaredChannel> declared(Call call, Fields fields) {
    ChannelName slug = slug(fields);
    if (fields.given("name") == null) {
      fields.problem("name", Fields.REQUIRED);
    }
    ChannelFields settings = ChannelFields.read(fields);
    if (slug == null || !fields.valid()) {
      return fields.refused();
    }
    ChannelKey key = new ChannelKey(call.app().id(), slug);
    String id = UUID.randomUUID().toString();
    long now = clock.millis();
    var bare = new DeclaredChannel(id, key, slug.value(), null, false, null, now, now);
    return Outcome.done(settings.appliedTo(bare, now));
  }

  private static @Nullable ChannelName slug(Fields fields) {
    String text = fields.requiredText("slug", 1, ChannelName.MAX_SLUG_LENGTH);
    if (text == null) {
      return null;
    }
    Optional<ChannelName> slug = ChannelName.parse(text).filter(ChannelName::isSlug);
    if (slug.isEmpty()) {
      fields.problem("slug", ChannelName.SLUG_RULE);
    }
    return slug.orElse(null);
  }

  /// `GET /channels/{slug}`
  CompletionStage<Outcome<ApiResponse>> find(Call call) {
    return Steps.after(
        call.channel().flatMap(key -> readable(call, key)),
        key ->
            catalog
                .find(key)
                .thenApply(
                    found ->
                        found
                            .map(Outcome::done)
                            .orElseGet(() -> new Outcome.Refused<>(Refusal.CHANNEL_NOT_FOUND)))
                .thenApply(outcome -> answer(outcome, 200)));
  }

  private Outcome<ChannelKey> readable(Call call, ChannelKey key) {
    return call.mayRead(channels.isPrivate(key))
        ? Outcome.done(key)
        : Outcome.refused(
            Refusal.FORBIDDEN, "This channel is private: it needs a secret key (sec_)");
  }

  /// `PATCH /channels/{slug}`
  CompletionStage<Outcome<ApiResponse>> change(Call call) {
    return Steps.after(
        call.channel(),
        key ->
            Steps.after(
                JsonBody.read(call.request().body())
                    .flatMap(body -> settings(key, new Fields(body))),
                settings ->
                    channels
                        .update(key, channel -> settings.appliedTo(channel, clock.millis()))
                        .thenApply(outcome -> answer(outcome, 200))));
  }

  private static Outcome<ChannelFields> settings(ChannelKey key, Fields fields) {
    ChannelFields settings = ChannelFields.read(fields);
    for (String name : new String[] {"name", "isPrivate"}) {
      if (fields.clears(name)) {
        fields.problem(name, "cannot be cleared");
      }
    }
    String slug = fields.text("slug", 1, ChannelName.MAX_LENGTH);
    if (fields.has("slug") && !key.name().value().equals(slug)) {
      fields.problem("slug", "cannot be changed");
    }
    return fields.valid() ? Outcome.done(settings) : fields.refused();
  }

  /// `DELETE /channels/{slug}`
  CompletionStage<Outcome<ApiResponse>> delete(Call call) {
    return Steps.after(
        call.channel(),
        key ->
            channels.delete(key).thenApply(outcome -> outcome.map(deleted -> Answers.noContent())));
  }

  private static Outcome<ApiResponse> answer(Outcome<Listed> outcome, int status) {
    return outcome.map(channel -> Answers.success(status, json -> Shapes.channel(json, channel)));
  }
}
