"""Words of refusals: one of them stands on each page that says no, so that its reader knows why."""

REASONS = (
    "Kế hoạch do chuyên viên hoặc người đứng đầu của chính đơn vị ghi",
    "Việc báo số liệu chưa đúng do đơn vị được theo dõi gửi",
    "Biên bản do người bàn giao",
    "Nội dung cần lưu ý do người bàn giao",
    "Mỗi bên chỉ xác nhận phần của mình",
    "Việc giao xuống cấp dưới do người đứng đầu đơn vị chủ trì",
    "Tài khoản quản trị không xem nội dung chương trình",
    "Việc này do đơn vị chủ trì",
    "Việc này do Văn phòng Thành ủy",
    "Không tự xác nhận việc của chính đơn vị mình",
    "Không tự quyết định đề nghị của chính đơn vị mình",
    "Đề nghị này do Văn phòng Thành ủy quyết định",
    "Vướng mắc này do UBND Thành phố quyết định",
    "Ý kiến chỉ đạo do lãnh đạo Thành ủy hoặc Văn phòng Thành ủy gửi",
    "Nội dung này do",
    "Chỉ người lập báo cáo hoặc Văn phòng Thành ủy",
    "Trang này dành cho quản trị hệ thống",
    "Lịch sử toàn hệ thống dành cho cơ quan kiểm tra",
    "Nhật ký đọc dành cho cơ quan kiểm tra",
    "Báo cáo tuần của",
)
