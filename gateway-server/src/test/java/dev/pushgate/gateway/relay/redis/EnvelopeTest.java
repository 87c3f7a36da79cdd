package dev.pushgate.gateway.relay.redis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.pushgate.auth.Secret;
import dev.pushgate.core.name.ChannelKey;
import dev.pushgate.core.name.StreamPosition;
import dev.pushgate.core.publication.PublishRequest;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class EnvelopeTest {
  private static final ChannelKey NEWS = TestNode.channel("news");
  private static final String HEADER = "1 P epoch 7 1700000000000 before\n";

  private final EnvelopeCodec codec = new EnvelopeCodec(new Seal(new Secret("secret")));
  private final EnvelopeCodec open = new EnvelopeCodec(new Seal(null));
  private final byte[] data = "{\"a\":\"ä\"}".getBytes(StandardCharsets.UTF_8);
  private final PublishRequest request = new PublishRequest(NEWS, "näw", "me", data, null);

  @Test
  void whatIsWrittenIsRead() throws Exception {
    for (EnvelopeCodec each : new EnvelopeCodec[] {codec, open}) {
      Envelope.Message read =
          (Envelope.Message) each.decode(join(HEADER, each.messageBody(request, "id")));

      assertThat(read.previousId()).isEqualTo("before");
      assertThat(read.key()).isEqualTo(NEWS);
      assertThat(read.publication().position()).isEqualTo(new StreamPosition("epoch", 7));
      assertThat(read.publication().id()).isEqualTo("id");
      assertThat(read.publication().eventType()).isEqualTo("näw");
      assertThat(read.publication().clientId()).isEqualTo("me");
      assertThat(read.publication().data()).isEqualTo(data);
      assertThat(read.publication().timestampMs()).isEqualTo(1_700_000_000_000L);
    }
  }

  @Test
  void theOtherKindsAreRead() throws Exception {
    assertThat(codec.decode(join("1 E e 0 1 -\n", codec.newEpochBody(NEWS))))
        .isEqualTo(new Envelope.NewEpoch(NEWS, "e"));
    assertThat(codec.decode(join("1 D e 0 1 -\n", codec.endedBody(NEWS))))
        .isEqualTo(new Envelope.Ended(NEWS));
    Envelope.Roster roster =
        (Envelope.Roster) codec.decode(join("1 R e 9 1 -\n", codec.rosterBody(NEWS, data)));
    assertThat(roster.version()).isEqualTo(9);
    assertThat(roster.body()).isEqualTo(data);
  }

  @Test
  void everyChangedByteOfTheBodyIsFound() {
    byte[] whole = join(HEADER, codec.messageBody(request, "id"));
    for (int i = HEADER.length(); i < whole.length; i++) {
      byte[] changed = whole.clone();
      changed[i] ^= 1;
      assertDropped(codec, changed, RelayObserver.Drop.SECRET);
    }
  }

  @Test
  void nodesWithAndWithoutSecretRefuseEachOther() {
    assertDropped(codec, join(HEADER, open.messageBody(request, "id")), RelayObserver.Drop.SECRET);
    assertDropped(open, join(HEADER, codec.messageBody(request, "id")), RelayObserver.Drop.SECRET);
  }

  @Test
  void aBodyIsGoodForItsOwnKindOnly() {
    assertDropped(codec, join("1 D e 0 1 -\n", codec.newEpochBody(NEWS)), RelayObserver.Drop.SHAPE);
    assertDropped(
        codec, join("1 D e 0 1 -\n", codec.messageBody(request, "id")), RelayObserver.Drop.SHAPE);
  }

  @Test
  void headersThatAreNoneAreRefused() {
    byte[] body = open.messageBody(request, "id");
    for (String header :
        new String[] {
          "",
          "\n",
          "1 P epoch 7 1\n",
          "2 P epoch 7 1 -\n",
          "1 Q epoch 7 1 -\n",
          "1 PP epoch 7 1 -\n",
          "1 P  7 1 -\n",
          "1 P epoch 0 1 -\n",
          "1 P epoch -7 1 -\n",
          "1 P epoch 99999999999999999999 1 -\n",
          "1 P epoch x 1 -\n",
          "1 P epoch 7 x -\n",
          "1 P epoch 7 1 - -\n",
          "1 P " + "e".repeat(65) + " 7 1 -\n",
          "1 P " + "e".repeat(1_000) + " 7 1 -\n",
        }) {
      assertDropped(open, join(header, body), RelayObserver.Drop.SHAPE);
    }
  }

  @Test
  void lengthsThatLieAreRefusedBeforeMemoryIsTaken() {
    for (int length : new int[] {-1, Integer.MIN_VALUE, Integer.MAX_VALUE, 1 << 30, 1_000}) {
      byte[] whole = join(HEADER, open.messageBody(request, "id"));
      int at = HEADER.length() + 2; // behind the seal and the kind: the length of the app
      ByteBuffer.wrap(whole).putInt(at, length);
      assertDropped(open, whole, RelayObserver.Drop.SHAPE);
    }
  }

  @Test
  void whatIsCutOrHasMoreIsRefused() {
    byte[] whole = join(HEADER, open.messageBody(request, "id"));
    for (int length = 0; length < whole.length; length++) {
      assertDropped(open, Arrays.copyOf(whole, length), null);
    }
    assertDropped(open, Arrays.copyOf(whole, whole.length + 1), RelayObserver.Drop.SHAPE);
  }

  @Test
  void namesThatAreNotAllowedAreRefused() {
    byte[] whole = join(HEADER, open.messageBody(request, "id"));
    String text = new String(whole, StandardCharsets.ISO_8859_1);
    assertDropped(open, latin(text.replace("news", "ne s")), RelayObserver.Drop.SHAPE);
    assertDropped(open, latin(text.replace("default", "DEFAULT")), RelayObserver.Drop.SHAPE);
  }

  @Test
  void noiseIsNeverAnythingButRefused() {
    Random random = new Random(42);
    byte[] good = join(HEADER, open.messageBody(request, "id"));
    for (int round = 0; round < 20_000; round++) {
      byte[] bad = good.clone();
      for (int i = 0; i <= round % 4; i++) {
        bad[random.nextInt(bad.length)] = (byte) random.nextInt();
      }
      try {
        open.decode(bad);
      } catch (BadEnvelope _) {
        // any other exception fails the test
      }
    }
  }

  private static void assertDropped(
      EnvelopeCodec codec, byte[] envelope, RelayObserver.@Nullable Drop reason) {
    assertThatThrownBy(() -> codec.decode(envelope))
        .isInstanceOfSatisfying(
            BadEnvelope.class,
            bad -> {
              if (reason != null) {
                assertThat(bad.reason()).isEqualTo(reason);
              }
            });
  }

  private static byte[] latin(String text) {
    return text.getBytes(StandardCharsets.ISO_8859_1);
  }

  private static byte[] join(String header, byte[] body) {
    byte[] head = header.getBytes(StandardCharsets.US_ASCII);
    return ByteBuffer.allocate(head.length + body.length).put(head).put(body).array();
  }
}
