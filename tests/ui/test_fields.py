"""Form fields and error summaries, tied together for screen readers."""

from django import forms
from django.template import Context, Template


class Sample(forms.Form):
    """One field of each shape."""

    number = forms.CharField(
        label="Số văn bản", help_text="Ví dụ 118", error_messages={"required": "Nhập số văn bản."}
    )
    state = forms.ChoiceField(
        label="Tình hình",
        choices=[("run", "Đang làm"), ("done", "Đã xong")],
        widget=forms.RadioSelect,
        error_messages={"required": "Chọn tình hình."},
    )
    kinds = forms.MultipleChoiceField(
        choices=[("71", "71")], widget=forms.CheckboxSelectMultiple, required=False
    )
    text = forms.CharField(widget=forms.Textarea, required=False)
    file = forms.FileField(required=False)
    same = forms.BooleanField(required=False)


def show(source: str, form: forms.Form) -> str:
    return Template(source).render(Context({"form": form}))


def test_the_hint_is_named_by_the_control() -> None:
    html = show("{% field form.number %}", Sample())
    assert '<label for="id_number">Số văn bản</label>' in html
    assert 'id="id_number-h">Ví dụ 118' in html
    assert 'aria-describedby="id_number-h"' in html
    assert "aria-invalid" not in html


def test_an_error_stands_between_hint_and_control() -> None:
    html = show("{% field form.number %}", Sample({}))
    assert html.index("id_number-h") < html.index("Nhập số văn bản.") < html.index("<input")
    assert 'aria-describedby="id_number-h id_number-e"' in html
    assert 'aria-invalid="true"' in html
    assert "f--bad" in html


def test_radio_buttons_are_big_answers_that_show_their_parts() -> None:
    html = show("{% field form.state %}", Sample({"state": "done"}))
    assert html.count('class="pick"') == 2
    assert 'data-shows="done" checked' in html


def test_checkboxes_are_not_taken_for_radio_buttons() -> None:
    html = show("{% field form.kinds %}", Sample())
    assert 'class="check"' in html
    assert 'class="pick"' not in html


def test_each_other_shape_is_drawn() -> None:
    assert 'rows="3"' in show("{% field form.text %}", Sample())
    assert 'class="f file"' in show("{% field form.file %}", Sample())
    assert 'class="check"' in show("{% field form.same %}", Sample())


def test_a_hidden_label_is_still_read_out() -> None:
    html = show("{% field form.number hide_label=True %}", Sample())
    assert '<label for="id_number" class="vh">' in html


def test_the_summary_links_each_mistake_to_its_field() -> None:
    html = show("{% error_summary form %}", Sample({}))
    assert "Chưa gửi được, còn 2 chỗ cần sửa" in html
    assert '<a href="#id_number">Nhập số văn bản.</a>' in html
    assert '<a href="#id_state_0">Chọn tình hình.</a>' in html
    assert "autofocus" in html


def test_errors_of_the_whole_form_have_no_link() -> None:
    form = Sample({"number": "1", "state": "run"})
    form.add_error(None, "Sai cặp.")
    html = show("{% error_summary form %}", form)
    assert "<p>Sai cặp.</p>" in html
    assert "chỗ cần sửa" not in html


def test_a_sound_form_has_no_summary() -> None:
    assert "note" not in show("{% error_summary form %}", Sample())
