package dev.pushgate.core.name;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class EditDistanceTest {
  @ParameterizedTest
  @CsvSource({"'','',0", "'',abc,3", "abc,abc,0", "serve,server,1", "evnet,event,1", "abc,xyz,3"})
  void eachSlipOfTheKeysCountsOnce(String a, String b, int slips) {
    assertThat(EditDistance.between(a, b)).isEqualTo(slips);
    assertThat(EditDistance.between(b, a)).isEqualTo(slips);
  }

  @Test
  void aWordThatIsLikeNoneMeansNone() {
    assertThat(EditDistance.nearest("srve", List.of("publish", "serve"))).contains("serve");
    assertThat(EditDistance.nearest("pub", List.of("sub", "publishes", "publish")))
        .contains("publish");
    assertThat(EditDistance.nearest("pu", List.of("publish"))).isEmpty();
    assertThat(EditDistance.nearest("--foo", List.of("--json", "--host", "--id"))).isEmpty();
    assertThat(EditDistance.nearest("--hots", List.of("--json", "--host"))).contains("--host");
    assertThat(EditDistance.nearest("xyz", List.of("publish", "serve"))).isEmpty();
  }
}
