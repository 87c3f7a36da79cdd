package dev.pushgate.core.channel;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pushgate.core.name.AppId;
import dev.pushgate.core.name.ChannelKey;
import dev.pushgate.core.name.ChannelName;
import dev.pushgate.core.store.DeclaredChannel;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class PrivateNamesTest {
  private static final Duration KEPT = Duration.ofHours(24);
  private static final ChannelKey KEY = key("payroll");

  private long nanos = Long.MAX_VALUE - 5; // it may turn over
  private final PrivateNames names = new PrivateNames(KEPT, () -> nanos);
  private final ChannelDirectory directory = ChannelDirectory.of(List.of(), names);

  private static ChannelKey key(String name) {
    return new ChannelKey(AppId.DEFAULT, new ChannelName(name));
  }

  private static DeclaredChannel channel(ChannelKey key, String id, boolean isPrivate) {
    return new DeclaredChannel(id, key, "t", null, isPrivate, null, 1, 1);
  }

  private void declareAndDelete(ChannelKey key, boolean isPrivate) {
    directory.set(key, channel(key, "id", isPrivate));
    directory.set(key, null);
  }

  @Test
  void theNameOfADeletedPrivateChannelStaysPrivateAndThatOfAPublicOneIsNot() {
    declareAndDelete(KEY, true);
    assertThat(directory.isDeclared(KEY)).isFalse();
    assertThat(directory.isPrivate(KEY)).isTrue();
    declareAndDelete(key("open"), false);
    assertThat(directory.isPrivate(key("open"))).isFalse();
    assertThat(directory.isPrivate(key("never"))).isFalse();
  }

  @Test
  void whoDeclaresTheNameSaysWhatItIs() {
    declareAndDelete(KEY, true);
    directory.set(KEY, channel(KEY, "again", false));
    assertThat(directory.isPrivate(KEY)).isFalse();
    directory.set(KEY, null);
    assertThat(directory.isPrivate(KEY)).isFalse();
  }

  @Test
  void aPublicChannelsDeletionForgetsWhatWasReadOfAnEarlierOne() {
    directory.set(KEY, channel(KEY, "again", false));
    names.addAll(Map.of(KEY, Duration.ZERO));
    assertThat(directory.isPrivate(KEY)).isFalse();
    directory.set(KEY, null);
    assertThat(directory.isPrivate(KEY)).isFalse();
  }

  @Test
  void aNameIsLetGoWhenItsTimeHasCome() {
    declareAndDelete(KEY, true);
    nanos += KEPT.toNanos() - 1;
    names.expire();
    assertThat(directory.isPrivate(KEY)).isTrue();
    nanos += 1;
    assertThat(directory.isPrivate(KEY)).isFalse();
  }

  @Test
  void whatTheStoreHasIsKeptAsLongAsWhatHappenedHere() {
    names.addAll(Map.of(KEY, KEPT.minusNanos(1), key("old"), KEPT));
    assertThat(directory.isPrivate(KEY)).isTrue();
    assertThat(directory.isPrivate(key("old"))).isFalse();
  }

  @Test
  void noMoreNamesAreKeptOfAnAppThanMayBe() {
    for (int i = 0; i < 9_999; i++) {
      declareAndDelete(key("c" + i), true);
    }
    directory.set(KEY, channel(KEY, "id", true));
    directory.set(key("open"), channel(key("open"), "id", false));
    assertThat(directory.mustStay(KEY)).isFalse();
    declareAndDelete(key("last"), true);
    assertThat(directory.mustStay(KEY)).isTrue();
    assertThat(directory.mustStay(key("open"))).isFalse();
    nanos += KEPT.toNanos();
    names.expire();
    assertThat(directory.mustStay(KEY)).isFalse();
  }
}
