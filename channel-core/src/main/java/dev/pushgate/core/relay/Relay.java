package dev.pushgate.core.relay;

import dev.pushgate.core.outcome.Outcome;
import dev.pushgate.core.publication.PublishRequest;
import dev.pushgate.core.publication.Published;
import java.util.concurrent.CompletionStage;

/// The one road of a publication to its channel's home. Thread-safe.
///
/// Every adapter owes:
/// - *Order.* Two publishes of one channel that one thread makes one after the other reach the home
///   in that order, and every member of the channel on every node sees the same order.
/// - *Atomicity.* A publish that is answered `Done` has an offset of its own and reaches every
///   member. One that is answered `Refused` is not carried out later, unless the sentence says that
///   its outcome is unknown.
/// - *Time.* Every stage completes, never exceptionally: where a relay is asked, within its time
///   limit (and for a channel that is archived, when the store has answered or given up). It
///   completes on a thread of the adapter's (the loop of the channel's home, or one that the relay
///   brings its answers on), or within the call: whoever continues there hops to where it belongs
///   and does not block.
public interface Relay {
  CompletionStage<Outcome<Published>> publish(PublishRequest request);
}
