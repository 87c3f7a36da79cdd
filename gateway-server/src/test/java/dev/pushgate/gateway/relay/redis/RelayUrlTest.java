package dev.pushgate.gateway.relay.redis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.lettuce.core.RedisURI;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class RelayUrlTest {
  @ParameterizedTest
  @CsvSource({
    "redis://localhost, localhost:6379, localhost:6379/0, redis://localhost:6379/0",
    "redis://localhost/, localhost:6379, localhost:6379/0, redis://localhost:6379/0",
    "rediss://u:p@h:1/2, h:1, h:1/2, rediss://h:1/2",
    "redis://:p@h, h:6379, h:6379/0, redis://h:6379/0",
    "REDIS://[::1]:7/3, [::1]:7, [::1]:7/3, redis://[::1]:7/3",
  })
  void oneHostIsNamedWithoutCredentials(String text, String name, String identity, String printed) {
    RelayUrl url = RelayUrl.parse(text);

    assertThat(url.name()).isEqualTo(name);
    assertThat(url.identity()).isEqualTo(identity);
    assertThat(url).hasToString(printed);
  }

  @Test
  void sentinelsNameTheirMaster() {
    RelayUrl url = RelayUrl.parse("redis-sentinel://:secret@b:2,a/4#main");

    assertThat(url.name()).isEqualTo("main@b:2");
    assertThat(url.identity()).isEqualTo("main@a:26379,b:2/4");
    assertThat(url).hasToString("redis-sentinel://b:2,a:26379/4#main");
    assertThat(url).isEqualTo(RelayUrl.parse("redis-sentinel://a,b:2/4#main"));
    RedisURI lettuce = url.forLettuce();
    assertThat(lettuce.getSentinelMasterId()).isEqualTo("main");
    assertThat(lettuce.getDatabase()).isEqualTo(4);
    assertThat(lettuce.getSentinels()).extracting(RedisURI::getHost).containsExactly("b", "a");
  }

  @Test
  void credentialsAreDecodedAndHandedOn() {
    RedisURI lettuce = RelayUrl.parse("rediss://us%40er:p+a%3Ass%23@h").forLettuce();

    assertThat(lettuce.isSsl()).isTrue();
    assertThat(lettuce.isVerifyPeer()).isTrue();
    var credentials = lettuce.getCredentialsProvider().resolveCredentials().block();
    assertThat(credentials).isNotNull();
    assertThat(credentials.getUsername()).isEqualTo("us@er");
    assertThat(new String(credentials.getPassword())).isEqualTo("p+a:ss#");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "localhost:6379",
        "http://hunter2@h",
        "redis://",
        "redis://:hunter2@",
        "redis://hunter2@h",
        "redis://u:hunter2#@h",
        "redis://u:hunter2%@h",
        "redis://u:hunter2@h:x",
        "redis://u:hunter2@h:70000",
        "redis://u:hunter2@h:-1",
        "redis://u:hunter2@h:+1",
        "redis://u:hunter2@h/x",
        "redis://u:hunter2@h/-1",
        "redis://u:hunter2@h/0?timeout=1s",
        "redis://u:hunter2@h?db=1",
        "redis://u:hunter2@h,i",
        "redis://u:hunter2@::1",
        "redis://u:hunter2@h#master",
        "redis-sentinel://u:hunter2@h",
        "redis-sentinel://u:hunter2@h#",
        "redis-sentinel://u:hunter2@h,,i#m",
      })
  void anythingElseIsRefusedWithoutShowingIt(String text) {
    assertThatThrownBy(() -> RelayUrl.parse(text))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageNotContaining("hunter2")
        .hasNoCause();
  }
}
