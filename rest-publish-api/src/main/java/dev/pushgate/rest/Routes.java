package dev.pushgate.rest;

import static dev.pushgate.rest.Route.guarded;
import static dev.pushgate.rest.Route.open;

import dev.pushgate.core.outcome.Outcome;
import dev.pushgate.rest.RestApi.Limits;
import dev.pushgate.rest.RestApi.Ports;
import dev.pushgate.rest.Route.Need;
import dev.pushgate.rest.Route.Reply;
import java.time.Clock;
import java.time.Instant;
import java.util.List;

/// The table of routes: all that the API answers, and who gets to it. Stateless.
final class Routes {
  private static final String CONNECTIONS = "/api/v1/connections/";

  private Routes() {}

  static List<Route> of(
      Ports ports, Limits limits, PublishLimiter limiter, RestObserver observer, Clock clock) {
    var admission = new Admission(ports.channels());
    var publishing = new Publishing(ports.relay(), limiter, observer);
    var publish = new PublishCalls(admission, publishing, limits);
    var batch = new BatchCall(admission, publishing, limits);
    var history = new HistoryCall(ports.channels(), ports.catalog());
    var channels = new ChannelCalls(ports.channels(), ports.catalog(), clock);
    var presence = new PresenceCall(ports.channels(), ports.rosters());
    var keys = new KeyCalls(ports.keys(), clock);
    var token = new TokenCall(ports.authenticator(), ports.directory(), ports.minter(), limits);
    var occupancy = new OccupancyCalls(ports.cluster().occupancy(), ports.cluster().positions());
    var connections = new ConnectionCalls(ports.cluster().notices());
    var nodes = new NodesCall(ports.cluster().nodes());
    return List.of(
        open("GET", "/health", (_, _) -> health(clock.instant())),
        open("POST", "/api/v1/auth/token", token::mint),
        guarded("POST", "/api/v1/publish", Need.PUBLISHER, publish::publish),
        guarded("POST", "/api/v1/publish/batch", Need.PUBLISHER, batch::publish),
        guarded("POST", "/api/v1/channels/{slug}/messages", Need.PUBLISHER, publish::publishTo),
        guarded("GET", "/api/v1/channels/{slug}/messages", Need.ANY_PRINCIPAL, history::page),
        guarded("GET", "/api/v1/channels/{slug}/presence", Need.ANY_PRINCIPAL, presence::read),
        guarded("GET", "/api/v1/channels", Need.READER, channels::list),
        guarded("POST", "/api/v1/channels", Need.SECRET_KEY, channels::declare),
        guarded("GET", "/api/v1/channels/{slug}", Need.READER, channels::find),
        guarded("PATCH", "/api/v1/channels/{slug}", Need.SECRET_KEY, channels::change),
        guarded("DELETE", "/api/v1/channels/{slug}", Need.SECRET_KEY, channels::delete),
        guarded("GET", "/api/v1/channels/{slug}/stats", Need.SECRET_KEY, occupancy::stats),
        guarded("GET", "/api/v1/occupied-channels", Need.SECRET_KEY, occupancy::occupied),
        guarded("POST", CONNECTIONS + "disconnect", Need.SECRET_KEY, connections::disconnect),
        guarded("POST", CONNECTIONS + "unsubscribe", Need.SECRET_KEY, connections::unsubscribe),
        guarded("GET", "/api/v1/nodes", Need.MANAGEMENT_KEY, nodes::list),
        guarded("GET", "/api/v1/keys", Need.MANAGEMENT_KEY, keys::list),
        guarded("POST", "/api/v1/keys", Need.MANAGEMENT_KEY, keys::create),
        guarded("DELETE", "/api/v1/keys/{id}", Need.MANAGEMENT_KEY, keys::revoke));
  }

  private static Reply health(Instant now) {
    ApiResponse answer =
        Answers.unwrapped(
            200,
            json -> {
              json.writeStartObject();
              json.writeStringProperty("status", "ok");
              json.writeStringProperty("timestamp", Shapes.time(now));
              json.writeEndObject();
            });
    return Reply.toAnybody(Outcome.done(answer));
  }
}
