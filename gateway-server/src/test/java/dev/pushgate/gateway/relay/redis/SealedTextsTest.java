package dev.pushgate.gateway.relay.redis;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pushgate.auth.Secret;
import dev.pushgate.core.presence.MemberId;
import dev.pushgate.core.presence.Present;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

final class SealedTextsTest {
  private static final String LINE = SealedTexts.ofNode("n1");

  private final CountingObserver observer = new CountingObserver();
  private final SealedTexts texts = texts("the cluster's secret");
  private final SealedTexts open = texts(null);

  private SealedTexts texts(@Nullable String secret) {
    return new SealedTexts(
        new Seal(secret == null ? null : new Secret(secret)), new Drops(observer));
  }

  @Test
  void whatIsSaidIsHeardWithASecretAndWithout() {
    for (SealedTexts some : new SealedTexts[] {texts, open}) {
      assertThat(some.open(LINE, some.close(LINE, "1.0\nä"), "here")).isEqualTo("1.0\nä");
    }
    assertThat(observer.drops).isEmpty();
  }

  @Test
  void whatIsNotOfThisSecretIsDroppedAndCounted() {
    byte[] changed = texts.close(LINE, "1");
    changed[changed.length - 1] = '2';
    byte[] plain = (LINE + "\n1").getBytes(StandardCharsets.UTF_8);
    byte[][] strange = {
      plain, changed, open.close(LINE, "1"), texts("another").close(LINE, "1"), new byte[0]
    };
    for (byte[] one : strange) {
      assertThat(texts.open(LINE, one, "here")).isNull();
    }
    assertThat(observer.drops).isEqualTo(Map.of(RelayObserver.Drop.SECRET, strange.length));
  }

  @Test
  void nothingPassesForAnother() {
    String[] lines = {
      SealedTexts.COUNTS,
      SealedTexts.ofNode("n1"),
      SealedTexts.ofNode("n2"),
      SealedTexts.ofCount("n1", "a/x"),
      SealedTexts.ofCount("n2", "a/x"),
      SealedTexts.ofCount("n1", "a/y"),
      SealedTexts.ofCount("n1", CountReporter.NUMBER),
      SealedTexts.ofCanary("n1", "redis:1"),
      SealedTexts.ofCanary("n1", "redis:2"),
    };
    for (String said : lines) {
      for (String asked : lines) {
        String heard = texts.open(asked, texts.close(said, "7"), "here");
        assertThat(heard).as("%s for %s", said, asked).isEqualTo(asked.equals(said) ? "7" : null);
      }
    }
    assertThat(observer.drops)
        .isEqualTo(Map.of(RelayObserver.Drop.SHAPE, lines.length * (lines.length - 1)));
  }

  @Test
  void neitherANoticeNorARosterPassesForOne() {
    Seal seal = new Seal(new Secret("the cluster's secret"));
    byte[] notice = NoticeWire.write(new NoticeWire.Sent("id", 1, null));
    byte[] roster =
        new EnvelopeCodec(seal)
            .rosterBody(
                RostersContract.ROOM,
                new RosterEntry(true, new Present(new MemberId.User("ann"), null)).encode());

    assertThat(texts.open(LINE, seal.close(ByteBuffer.wrap(notice)), "here")).isNull();
    assertThat(texts.open(LINE, roster, "here")).isNull();
    assertThat(NoticeWire.read(ByteBuffer.wrap((LINE + "\n1").getBytes(StandardCharsets.UTF_8))))
        .isEmpty();
    assertThat(observer.drops).isEqualTo(Map.of(RelayObserver.Drop.SHAPE, 2));
  }
}
