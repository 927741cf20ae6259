package io.penstock;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;

/** The languages of users whose numbers, letters or commas are written in other ways. */
public final class Languages {
  private static final List<Locale> ALL =
      List.of(
          Locale.forLanguageTag("ar-EG-u-nu-arab"),
          Locale.forLanguageTag("fa-IR"),
          Locale.forLanguageTag("tr-TR"),
          Locale.GERMANY);

  private Languages() {}

  /** Checks that what is made is the same whatever the user's language is. */
  public static void assertSame(Callable<?> made) throws Exception {
    String wanted = in(Locale.ROOT, made).toString();
    for (Locale language : ALL) {
      assertEquals(wanted, in(language, made).toString(), language.toString());
    }
  }

  /** Makes something where the user speaks Arabic, and writes its digits. */
  public static <T> T inArabic(Callable<T> made) throws Exception {
    return in(ALL.get(0), made);
  }

  private static <T> T in(Locale language, Callable<T> made) throws Exception {
    Locale before = Locale.getDefault();
    Locale.setDefault(language);
    try {
      return made.call();
    } finally {
      Locale.setDefault(before);
    }
  }
}
