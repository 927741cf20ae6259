package io.penstock.notebook;

import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Base64;
import javax.imageio.ImageIO;

/** An image as a notebook holds it. */
final class Png {
  static final String TYPE = "image/png";

  private Png() {}

  static String base64(BufferedImage image) {
    ByteArrayOutputStream png = new ByteArrayOutputStream();
    try {
      ImageIO.write(image, "png", png);
    } catch (IOException e) {
      throw new UncheckedIOException("A picture cannot be written", e);
    }
    return Base64.getEncoder().encodeToString(png.toByteArray());
  }
}
