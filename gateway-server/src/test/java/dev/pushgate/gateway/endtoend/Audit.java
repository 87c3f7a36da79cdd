package dev.pushgate.gateway.endtoend;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.pushgate.gateway.endtoend.EndlessLoad.Sent;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/// Holds what members of one channel heard against what its publishers were answered, when the
/// load has ended. Immutable.
///
/// @param sent all that was published, and was to be
/// @param heard frames by their content, in order
record Audit(List<Sent> sent, Map<String, String> heard) {
  private static final Duration PATIENCE = Duration.ofSeconds(60);

  /// Waits until all members have everything of the one epoch that there was.
  static Audit of(Swarm swarm, EndlessLoad load, String channel) {
    List<Sent> sent = load.sent(channel);
    String epoch = sent.getFirst().reply().text("data", "epoch");
    long head = sent.stream().filter(Sent::isDone).mapToLong(Sent::offset).max().orElseThrow();
    await().atMost(PATIENCE).until(() -> swarm.allHave(channel, epoch, head));
    assertThat(swarm.complaints()).isEmpty();
    assertThat(swarm.told()).isEmpty();
    Map<String, String> heard = new LinkedHashMap<>();
    for (String frame : swarm.heard(channel, epoch)) {
      assertThat(heard.put(JsonTree.text(frame, "data"), frame)).as("heard before").isNull();
    }
    assertThat(heard).hasSize((int) head);
    return new Audit(sent, heard);
  }

  Audit everyAnswerHolds() {
    for (Sent one : sent) {
      if (one.isDone()) {
        assertThat(heard).containsKey(one.content());
        String frame = Objects.requireNonNull(heard.get(one.content()));
        assertThat(frame).contains('"' + one.reply().text("data", "id") + '"');
        assertThat(JsonTree.number(frame, "offset")).isEqualTo(one.offset());
      } else if (one.isSurelyNotPublished()) {
        assertThat(heard).doesNotContainKey(one.content());
      }
    }
    return this;
  }

  Audit everyRefusalIs(String code) {
    for (Sent one : sent) {
      assertThat(one.isDone() || one.isRefused(code)).as(one.reply().body()).isTrue();
      assertThat(one.isDone() || !one.reply().header("Retry-After").isEmpty()).isTrue();
    }
    return this;
  }

  /// Nothing that was begun after then and refused was carried out at any time.
  Audit nothingRefusedIsHeard(long since) {
    for (Sent one : sent) {
      if (one.begun() >= since && !one.isDone()) {
        assertThat(heard).doesNotContainKey(one.content());
      }
    }
    return this;
  }

  /// What was answered is in the history, and within a while all that was heard.
  void isInTheHistory(Rest rest, String channel) {
    assertThat(contents(rest, channel))
        .containsAll(sent.stream().filter(Sent::isDone).map(Sent::content).toList());
    await()
        .atMost(PATIENCE)
        .until(() -> contents(rest, channel).equals(List.copyOf(heard.keySet())));
  }

  /// What the history has of this channel, oldest first.
  static List<String> contents(Rest rest, String channel) {
    return rest.history(channel).reversed().stream()
        .map(message -> String.valueOf(JsonTree.at(message, "content")))
        .toList();
  }
}
